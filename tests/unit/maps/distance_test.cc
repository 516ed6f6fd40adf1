#include "maps/distance.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hopyard::maps {
namespace {

constexpr double quarter = 6371.0 * 3.14159265358979 / 2;

TEST(Kilometres, AlongGreatCircles) {
  EXPECT_NEAR(kilometres({0, 0}, {0, 90}), quarter, 1e-6);
  EXPECT_NEAR(kilometres({0, 0}, {90, 0}), quarter, 1e-6);
  EXPECT_NEAR(kilometres({-90, 0}, {90, 77}), 2 * quarter, 1e-6);
  EXPECT_NEAR(kilometres({50.11, 8.68}, {52.52, 13.40}), 423.5, 1) << "Frankfurt to Berlin";
  EXPECT_NEAR(kilometres({40.71, -74.01}, {51.51, -0.13}), 5570, 10) << "New York to London";
}

TEST(Kilometres, TheShortWayOverTheDateLine) {
  EXPECT_NEAR(kilometres({0, 179}, {0, -179}), 2 * quarter / 90, 1e-6);
}

TEST(Kilometres, OfOppositeAndOfEqualPlaces) {
  EXPECT_NEAR(kilometres({12.3, 45.6}, {-12.3, -134.4}), 2 * quarter, 1e-3);
  EXPECT_EQ(kilometres({12.3, 45.6}, {12.3, 45.6}), 0);
}

Map line(const std::vector<std::optional<double>>& longitudes) {
  Map map;
  for (const auto& longitude : longitudes) {
    map.nodes.emplace_back();
    if (longitude) map.nodes.back().place = Place{0, *longitude};
  }
  for (std::size_t i = 1; i < map.nodes.size(); ++i) map.edges.push_back({{i - 1, i}, "", std::nullopt, {}});
  return map;
}

TEST(Lengths, TheMedianStandsForWhatIsNotKnown) {
  const double degree = quarter / 90;
  const auto found = lengths(line({0, 1, 3, 7, std::nullopt, 8}));
  ASSERT_EQ(found.size(), 5U);
  EXPECT_NEAR(found[0], degree, 1e-6);
  EXPECT_NEAR(found[1], 2 * degree, 1e-6);
  EXPECT_NEAR(found[2], 4 * degree, 1e-6);
  EXPECT_NEAR(found[3], 2 * degree, 1e-6);
  EXPECT_NEAR(found[4], 2 * degree, 1e-6);
}

TEST(Lengths, NoneWhereNoneIsKnown) {
  EXPECT_THAT(lengths(line({std::nullopt, 1, std::nullopt})), testing::IsEmpty());
}

}  // namespace
}  // namespace hopyard::maps
