#include "view/tap.hh"

#include <gtest/gtest.h>

namespace hopyard::view {
namespace {

TEST(Tap, PlanPointsAndBailOut) {
  EXPECT_EQ(tap_plan(2), "TAP version 14\n1..2\n");
  EXPECT_EQ(tap_point(1, {"a -> b", "l:1:1", true, "", 0.5}), "ok 1 - a -> b\n");
  EXPECT_EQ(tap_point(2, {"a -> c", "l:2:1", false, "c doesn't", 0.25}),
            "not ok 2 - a -> c\n  ---\n  message: 'c doesn''t'\n  at: 'l:2:1'\n  seconds: 0.250\n  ...\n");
  EXPECT_EQ(tap_bail_out("a\nb"), "Bail out! a?b\n");
}

TEST(Tap, ADescriptionHasNoDirective) {
  EXPECT_EQ(tap_point(1, {"x # SKIP \\", "", true, "", 0}), "ok 1 - x \\# SKIP \\\\\n");
}

TEST(Tap, WhatCannotBeMadeIsSkippedWithAReason) {
  EXPECT_EQ(tap_point(3, {"a -> d", "l:3:1", false, "", 0, "a is on machine b"}),
            "ok 3 - a -> d # SKIP a is on machine b\n");
}

TEST(JUnit, TellsWhatWasSkipped) {
  const Tested tests[] = {{"a", "l:1:1", false, "", 0, "a is on machine b"}};
  EXPECT_EQ(junit("lab", tests, 1), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="lab" tests="1" failures="0" errors="0" skipped="1" time="1.000">
    <testcase classname="lab" name="a" time="0.000">
      <skipped message="a is on machine b"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(JUnit, CountsAndEscapes) {
  const Tested tests[] = {{"a \"b\"", "l:1:1", true, "", 1}, {"<c>", "l&m", false, "d\x1b", 2}};
  EXPECT_EQ(junit("lab", tests, 3.5), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="lab" tests="2" failures="1" errors="0" time="3.500">
    <testcase classname="lab" name="a &quot;b&quot;" time="1.000"/>
    <testcase classname="lab" name="&lt;c&gt;" time="2.000">
      <failure message="d?">l&amp;m</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

}  // namespace
}  // namespace hopyard::view
