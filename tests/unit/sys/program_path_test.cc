#include "sys/program_path.hh"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/folder.hh"

namespace hopyard::sys {
namespace {

class ProgramPath : public testing::Test {
 protected:
  std::string make(const std::string& name, std::filesystem::perms perms) const {
    const auto path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n";
    std::filesystem::permissions(path, perms);
    return path;
  }
  [[nodiscard]] std::string in(const std::string& name) const { return folder_.path() / name; }

  static constexpr auto runs = std::filesystem::perms::owner_all;
  Folder folder_;
};

TEST_F(ProgramPath, IsTheFirstThatCanBeRun) {
  make("a/tool", std::filesystem::perms::none);
  std::filesystem::create_directories(folder_.path() / "b/tool");
  const std::string third = make("c/tool", runs);
  make("d/tool", runs);
  EXPECT_EQ(find_program("tool", in("none") + ":" + in("a") + ":" + in("b") + ":" + in("c") + ":" + in("d")),
            third);
  EXPECT_EQ(find_program("other", in("c")), "");
  EXPECT_EQ(find_program("tool", ""), "");
}

TEST_F(ProgramPath, OfOneWithASlashIsItsOwn) {
  EXPECT_EQ(find_program("./tool", in("c")), "./tool");
}

TEST_F(ProgramPath, AnEmptyFolderIsTheCurrentOne) {
  make("tool", runs);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  for (const std::string& folders : {in("none") + ":", ":" + in("none"), in("none") + "::" + in("none")})
    EXPECT_EQ(find_program("tool", folders), "./tool") << folders;
  EXPECT_EQ(find_program("tool", in("none")), "");
  EXPECT_EQ(find_program("tool", ""), "");
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace hopyard::sys
