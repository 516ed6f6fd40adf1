#include "app/place.hh"

#include <gtest/gtest.h>

#include "app/change.hh"

namespace hopyard::app {
namespace {

std::string read(std::string_view words) {
  const auto place = parse_place(words);
  return place ? (place->lab.empty() ? "" : place->lab + " | ") + place_text(*place) : place.error().detail;
}

TEST(Place, HasManySpellings) {
  EXPECT_EQ(read("r1"), "r1");
  EXPECT_EQ(read("r1:eth0"), "r1:eth0");
  EXPECT_EQ(read("r1--r2"), "r1 -- r2");
  EXPECT_EQ(read("r1 -- r2"), "r1 -- r2");
  EXPECT_EQ(read(" r1:eth0--r2:eth1 "), "r1:eth0 -- r2:eth1");
  EXPECT_EQ(read("pc1 -- lan"), "pc1 -- lan");
}

TEST(Place, MaySayItsLab) {
  EXPECT_EQ(read("office/r1"), "office | r1");
  EXPECT_EQ(read("office/a:eth0--b"), "office | a:eth0 -- b");
  EXPECT_EQ(parse_node("office/pc1").lab, "office");
  EXPECT_EQ(parse_node("pc1").lab, "");
}

TEST(Place, DashesInNamesAreNotTheLink) {
  EXPECT_EQ(read("r-1--r-2"), "r-1 -- r-2");
  EXPECT_EQ(read("a-- -- b"), "a-- -- b");
}

TEST(Place, NonsenseIsRefused) {
  for (const char* words : {"", "--", "a--", "--b", "a:", ":eth0", "a:b:c", "a b", "a -- b c"})
    EXPECT_FALSE(parse_place(words)) << words;
  EXPECT_EQ(read("a:"), "'a:' names nothing of a lab");
  EXPECT_EQ(parse_place("a:").error().remedy,
            "write a node (r1), an interface (r1:eth0) or a link (r1 -- r2, r1:eth0--r2:eth0)");
}

keeper::LinkDescription link(const char* a, const char* ai, const char* b, const char* bi) {
  keeper::LinkDescription one;
  one.ends[0] = {a, ai};
  one.ends[1] = {b, bi};
  return one;
}

TEST(FindLink, FromEitherEnd) {
  keeper::Description description;
  description.links = {link("a", "eth0", "b", "eth0"), link("a", "eth1", "b", "eth1"),
                       link("a", "eth2", "lan", "")};
  const auto found = [&](const char* words) { return find_link(description, *parse_place(words)); };
  EXPECT_EQ(found("a:eth1 -- b").link, &description.links[1]);
  EXPECT_FALSE(found("a:eth1 -- b").reversed);
  EXPECT_EQ(found("b:eth0").link, &description.links[0]);
  EXPECT_TRUE(found("b:eth0").reversed);
  EXPECT_EQ(found("lan--a").link, &description.links[2]);
  EXPECT_EQ(found("a -- b").link, nullptr);  // there are two
  EXPECT_EQ(found("a -- c").link, nullptr);
}

}  // namespace
}  // namespace hopyard::app
