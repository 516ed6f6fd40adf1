#include <gtest/gtest.h>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

Reading with_check(const std::string& check) {
  return read_text("links: [a -- b]\nchecks:\n  - " + check + "\n");
}

TEST(Checks, SilenceNeedsTime) {
  const std::string refused =
      " silence of no length denies nothing: 'within' is the time that an answer has\n";
  EXPECT_EQ(said(with_check("{reach: a -> b, not: true, within: 0s}")), "3:40" + refused);
  EXPECT_EQ(said(with_check("{within: 0ms, not: true, reach: a -> b}")), "3:14" + refused);
  for (const char* good : {"{reach: a -> b, not: true, within: 1ms}", "{reach: a -> b, not: true}",
                           "{reach: a -> b, within: 0s}", "{reach: a -> b, not: false, within: 0s}",
                           "{route: {node: a, to: default}, not: true, within: 0s}",
                           "{command: {node: a, run: 'false'}, not: true, within: 0s}"})
    EXPECT_EQ(said(with_check(good)), "") << good;
}

TEST(Checks, WhatIsNoCheckIsToldOnce) {
  EXPECT_EQ(said(with_check("{not: true, within: 0s}")), "3:5 a check of nothing\n");
  EXPECT_EQ(said(with_check("{reach: c -> a, not: true, within: 0s}")), "3:13 there is no node 'c'\n");
}

TEST(Checks, TheTimesOfAnExternalAreNotRoundedToNone) {
  const Reading reading = read_text(
      "nodes:\n  lan: {kind: external, interface: eth1, by: bridge, within: 500us, confirm: 1500us}\n"
      "  nat: {kind: external, by: nat, confirm: 1ns}\nlinks: [a -- lan, b -- nat]\n");
  EXPECT_EQ(said(reading),
            "3:3 external 'nat' takes nothing from the host: 'confirm' is for by: bridge and by: move\n");
  EXPECT_EQ(node(reading, "lan").external.takeover.within, std::chrono::milliseconds(1));
  EXPECT_EQ(node(reading, "lan").external.takeover.confirm, std::chrono::milliseconds(2));
  EXPECT_EQ(node(reading, "nat").external.takeover.confirm, std::chrono::milliseconds(1));
}

}  // namespace
}  // namespace hopyard::language::test
