#include "view/spread_picture.hh"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace hopyard::view {
namespace {

using Point = SpreadPicture::Point;
using Kind = Point::Kind;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// HOPYARD_GOLDEN_WRITE=1 in the environment writes the expectation anew, to be looked at with a viewer.
TEST(SpreadPicture, IsDrawnAsItWas) {
  const SpreadPicture picture{"10.9.0.0/24 in lab chain",
                              "4 of 5 nodes have 10.9.0.0/24; it comes from r<1>",
                              {{Kind::AtStart, "r<1>", 0, 0},
                               {Kind::Got, "r2", 1, 0.412},
                               {Kind::Got, "r3", 2, 0.83},
                               {Kind::Got, "r3\"b\" & c", 2, 1.7},
                               {Kind::Got, "r4", 3, 2.25},
                               {Kind::Lost, "r4", 3, 2.31}}};
  const std::string path = std::string(HOPYARD_SOURCE_DIR) + "/tests/unit/view/spread.svg";
  const std::string drawn = svg(picture);
  if (std::getenv("HOPYARD_GOLDEN_WRITE") != nullptr) std::ofstream(path) << drawn;
  std::ifstream file(path);
  EXPECT_EQ(drawn, std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST(SpreadPicture, OfNothingIsAnEmptyOne) {
  const std::string drawn = svg({"nothing", "", {}});
  EXPECT_EQ(count(drawn, "<circle"), 0U);
  EXPECT_TRUE(drawn.ends_with("</svg>\n"));
  EXPECT_EQ(count(drawn, "nan"), 0U);
  EXPECT_EQ(count(drawn, "inf"), 0U);
}

TEST(SpreadPicture, NamesGiveWayWhereThereAreTooMany) {
  SpreadPicture picture{"many", "", {}};
  for (unsigned i = 0; i < 1000; ++i)
    picture.points.push_back({Kind::Got, "node" + std::to_string(i), i, i * 0.001});
  const std::string drawn = svg(picture);
  EXPECT_EQ(count(drawn, "<circle"), 1001U);  // and one of the legend
  EXPECT_EQ(count(drawn, ">node7</text>"), 0U);
  EXPECT_EQ(count(drawn, "<title>node7: 7 hops, 0.007000 s</title>"), 1U);
}

TEST(SpreadPicture, TimesOfAnyLengthAreWritten) {
  for (const double longest : {0.00002, 0.3, 7.0, 86400.0}) {
    const std::string drawn = svg({"", "", {{Kind::Got, "n", 1, longest}}});
    EXPECT_GE(count(drawn, "#e4e4e4"), 4U) << longest;
    EXPECT_LE(count(drawn, "#e4e4e4"), 12U) << longest;
  }
}

}  // namespace
}  // namespace hopyard::view
