#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "language/language.hh"
#include "maps/gml.hh"
#include "maps/graphml.hh"
#include "maps/lab_file.hh"

namespace hopyard::maps {
namespace {

const std::filesystem::path folder = std::filesystem::path(HOPYARD_GOLDEN_DIR) / "maps";

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& one : std::filesystem::directory_iterator(folder))
    if (one.path().extension() != ".expected") all.push_back(one.path().filename().string());
  std::sort(all.begin(), all.end());
  return all;
}

/// What a person is told who imports the map, and the lab file.
class Imported {
 public:
  explicit Imported(const std::string& name) {
    SourceMap sources;
    const std::uint32_t file = sources.add(name, contents(folder / name));
    const bool gml = name.ends_with(".gml");
    const auto map = gml ? read_gml(sources, file, diagnostics_) : read_graphml(sources, file, diagnostics_);
    for (const Diagnostic& one : diagnostics_.all()) said += render(one, sources, false);
    if (map)
      lab = lab_file(
          *map, {.path = name, .format = gml ? "GML" : "GraphML", .name = "", .delay = true, .rate = true});
    EXPECT_EQ(map.has_value(), !diagnostics_.failed());
  }

  std::string said;
  std::string lab;

 private:
  Diagnostics diagnostics_;
};

class GoldenMaps : public testing::TestWithParam<std::string> {};

TEST_P(GoldenMaps, BecomesWhatIsExpected) {
  const std::filesystem::path expected = folder / (GetParam() + ".expected");
  const Imported imported(GetParam());
  const std::string whole = imported.said + imported.lab;
  EXPECT_NE(whole, "");
  if (std::getenv("HOPYARD_GOLDEN_WRITE") != nullptr) std::ofstream(expected, std::ios::binary) << whole;
  ASSERT_TRUE(std::filesystem::exists(expected)) << expected << " is not there";
  EXPECT_EQ(whole, contents(expected));
}

/// Whatever a map holds, its lab file is sound.
TEST_P(GoldenMaps, IsALabFile) {
  const Imported imported(GetParam());
  if (imported.lab.empty()) {
    EXPECT_NE(imported.said, "");
    return;
  }
  language::Options options;
  options.path = "lab.yaml";
  const auto reading =
      language::read(options, [&](const std::string&) -> Result<std::string> { return imported.lab; });
  for (const Diagnostic& one : reading.diagnostics.all())
    ADD_FAILURE() << render(one, reading.sources, false);
  EXPECT_FALSE(reading.lab.nodes.empty());
}

INSTANTIATE_TEST_SUITE_P(Maps, GoldenMaps, testing::ValuesIn(names()), [](const auto& one) {
  std::string name = one.param;
  std::replace_if(
      name.begin(), name.end(), [](char byte) { return byte == '-' || byte == '.'; }, '_');
  return name;
});

TEST(GoldenMapFiles, ThereAreFiles) {
  EXPECT_GE(names().size(), 24U);
}

TEST(GoldenMapFiles, EachExpectationHasItsFile) {
  for (const auto& one : std::filesystem::directory_iterator(folder))
    if (one.path().extension() == ".expected") {
      EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(one.path()).replace_extension()))
          << one.path();
    }
}

}  // namespace
}  // namespace hopyard::maps
