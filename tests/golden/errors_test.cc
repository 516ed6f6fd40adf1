#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "language/language.hh"

namespace hopyard::language {
namespace {

std::optional<std::string> contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What a person is shown who runs the file `name` in the folder of golden files.
std::string rendered(const std::filesystem::path& folder, const std::string& name) {
  Options options;
  options.path = name;
  const Reading reading = read(options, [&](const std::string& path) -> Result<std::string> {
    auto text = contents(folder / path);
    if (!text) return failure("read", path, ENOENT);
    return *text;
  });
  std::string text;
  for (const Diagnostic& one : reading.diagnostics.all()) text += render(one, reading.sources, false);
  return text;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, SaysWhatIsExpected) {
  const std::filesystem::path folder = std::filesystem::path(HOPYARD_GOLDEN_DIR) / "errors";
  const std::filesystem::path expected = folder / (GetParam() + ".expected");
  const std::string said = rendered(folder, GetParam() + ".yaml");
  EXPECT_NE(said, "") << "a file of this folder has a mistake";
  if (std::getenv("HOPYARD_GOLDEN_WRITE") != nullptr) std::ofstream(expected, std::ios::binary) << said;
  const auto text = contents(expected);
  ASSERT_TRUE(text) << expected << " is not there";
  EXPECT_EQ(said, *text);
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& one :
       std::filesystem::directory_iterator(std::filesystem::path(HOPYARD_GOLDEN_DIR) / "errors"))
    if (one.path().extension() == ".yaml") all.push_back(one.path().stem().string());
  std::sort(all.begin(), all.end());
  return all;
}

INSTANTIATE_TEST_SUITE_P(Errors, Golden, testing::ValuesIn(names()), [](const auto& one) {
  std::string name = one.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(GoldenFiles, ThereAreFiles) {
  EXPECT_GE(names().size(), 20U);
}

TEST(GoldenFiles, EachExpectationHasItsFile) {
  for (const auto& one :
       std::filesystem::directory_iterator(std::filesystem::path(HOPYARD_GOLDEN_DIR) / "errors"))
    if (one.path().extension() == ".expected") {
      EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(one.path()).replace_extension(".yaml")))
          << one.path();
    }
}

}  // namespace
}  // namespace hopyard::language
