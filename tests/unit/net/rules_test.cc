#include "net/rules.hh"

#include <gtest/gtest.h>

namespace hopyard::net {
namespace {

Rule lookup(std::uint32_t priority, std::uint32_t table) {
  Rule rule;
  rule.priority = priority, rule.table = table;
  return rule;
}

Rule of_the_lab(std::uint32_t priority) {
  Rule rule = lookup(priority, 66);
  rule.from = Prefix::parse("10.1.0.0/16");
  return rule;
}

TEST(Rules, OneOfSomebodysStandsInThePlaceOfTheLabs) {
  const std::vector<Rule> seen = {lookup(0, 255), lookup(500, 9), lookup(32766, 254)};
  EXPECT_EQ(in_place_of(of_the_lab(500), {}, seen), 1U);
  EXPECT_EQ(in_place_of(of_the_lab(501), {}, seen), seen.size());
}

TEST(Rules, TheKernelsOwnStandInNobodysPlace) {
  const std::vector<Rule> seen = {lookup(0, 255), lookup(1000, 0), lookup(32766, 254), lookup(32767, 253)};
  for (const std::uint32_t place : {0, 1000, 32766, 32767})
    EXPECT_EQ(in_place_of(of_the_lab(place), {}, seen), seen.size()) << place;
}

TEST(Rules, OneThatOnlyLooksLikeTheKernelsIsSomebodys) {
  Rule marked = lookup(32766, 254);
  marked.mark = 7;
  const std::vector<Rule> seen = {lookup(0, 254), lookup(32767, 254), marked};
  EXPECT_EQ(in_place_of(of_the_lab(0), {}, seen), 0U);
  EXPECT_EQ(in_place_of(of_the_lab(32767), {}, seen), 1U);
  EXPECT_EQ(in_place_of(of_the_lab(32766), {}, seen), 2U);
}

}  // namespace
}  // namespace hopyard::net
