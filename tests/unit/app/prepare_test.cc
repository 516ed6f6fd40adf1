#include "app/prepare.hh"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "app/files.hh"

namespace hopyard::app {
namespace {

/// A folder of its own, gone at the end.
class Folder : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(path_.data()), nullptr); }
  void TearDown() override {
    for (const std::string& name : made_) ::unlink((path_ + '/' + name).c_str());
    ::rmdir(path_.c_str());
  }
  void put(const std::string& name, std::string_view text = "lab: x\n") {
    std::FILE* file = std::fopen((path_ + '/' + name).c_str(), "w");
    ASSERT_NE(file, nullptr);
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
    made_.push_back(name);
  }
  [[nodiscard]] std::string found() const {
    const auto file = find_lab_file(path_);
    return file ? file->substr(path_.size() + 1) : file.error().detail;
  }
  std::string path_ = "/tmp/hopyard-unit-XXXXXX";

 private:
  std::vector<std::string> made_;
};

TEST_F(Folder, TheNamesThatGoFirst) {
  put("a.yaml");
  put("lab.yaml");
  EXPECT_EQ(found(), "lab.yaml");
  put("lab.hop.yaml");
  EXPECT_EQ(found(), "lab.hop.yaml");
}

TEST_F(Folder, TheOnlyOne) {
  put("compose.yaml");
  EXPECT_EQ(found(), "compose.yaml");
  put("net.hop.yaml");
  EXPECT_EQ(found(), "net.hop.yaml");
}

TEST_F(Folder, SeveralAreListed) {
  put("b.yaml");
  put("a.yaml");
  EXPECT_EQ(found(), "there are 2: a.yaml, b.yaml");
}

TEST_F(Folder, NoneIsAnError) {
  put(".hidden.yaml");
  EXPECT_EQ(found(), "there is no *.hop.yaml and no *.yaml");
}

TEST_F(Folder, AFileIsItself) {
  put("x.txt");
  EXPECT_EQ(find_lab_file(path_ + "/x.txt").value(), path_ + "/x.txt");
  EXPECT_EQ(find_lab_file(path_ + "/y").error().code, ENOENT);
}

TEST_F(Folder, FilesAreReadWhole) {
  const std::string text(100'000, 'x');
  put("big", text);
  EXPECT_EQ(read_file(path_ + "/big").value(), text);
  EXPECT_EQ(read_file(path_).error().code, EISDIR);
  EXPECT_EQ(read_file("/dev/zero").error().detail, "larger than 64 MiB");
}

TEST_F(Folder, ASoundLabIsCounted) {
  put("pair.yaml", "lab: pair\nlinks:\n  - a -- b\n");
  const auto prepared = prepare({path_, std::nullopt, {}});
  ASSERT_TRUE(prepared);
  ASSERT_FALSE(prepared->reading.diagnostics.failed());
  EXPECT_EQ(prepared->counts.nodes, 2U);
  EXPECT_EQ(prepared->counts.links, 1U);
  EXPECT_EQ(prepared->counts.interfaces, 2U);
  EXPECT_EQ(prepared->counts.operations, prepared->plan.size());
  EXPECT_EQ(step(*prepared, 0).words, "create namespace a (host)");
  EXPECT_TRUE(step(*prepared, 0).where.ends_with("pair.yaml:3:5")) << step(*prepared, 0).where;
}

TEST_F(Folder, AnotherNameAndVariables) {
  put("v.yaml", "lab: v\nnodes:\n  pc[1..${COUNT}]: {}\n");
  const auto prepared = prepare({path_, "other", {{"COUNT", "7"}}});
  ASSERT_TRUE(prepared);
  ASSERT_FALSE(prepared->reading.diagnostics.failed());
  EXPECT_EQ(prepared->desired.lab, "other");
  EXPECT_EQ(prepared->counts.nodes, 7U);
}

TEST(Variables, AreNamesAndValues) {
  EXPECT_EQ(parse_variable("A=b=c").value().second, "b=c");
  EXPECT_EQ(parse_variable("A=").value().second, "");
  for (const char* text : {"A", "=b", "1A=b", "A-B=c", ""}) EXPECT_FALSE(parse_variable(text)) << text;
}

}  // namespace
}  // namespace hopyard::app
