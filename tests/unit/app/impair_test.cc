#include "app/impair.hh"

#include <gtest/gtest.h>

namespace hopyard::app {
namespace {

using Words = std::vector<std::string>;
using std::chrono::milliseconds;

std::string mistake(const Words& words) {
  const auto change = parse_impairment(words);
  return change ? "" : change.error().detail + " / " + change.error().remedy;
}

TEST(Impair, ReadsWhatALabFileHas) {
  const auto change =
      parse_impairment(Words{"delay=20ms", "jitter=2ms", "loss=1%", "rate=50mbit", "corrupt=0.5%",
                             "duplicate=2%", "reorder=5%", "limit=100", "seed=7", "out"});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->direction, ImpairmentChange::Direction::Out);
  EXPECT_EQ(change->values.delay, milliseconds(20));
  EXPECT_EQ(change->values.jitter, milliseconds(2));
  EXPECT_DOUBLE_EQ(change->values.loss, 0.01);
  EXPECT_EQ(change->values.rate, 50'000'000U);
  EXPECT_DOUBLE_EQ(change->values.corrupt, 0.005);
  EXPECT_DOUBLE_EQ(change->values.duplicate, 0.02);
  EXPECT_DOUBLE_EQ(change->values.reorder, 0.05);
  EXPECT_EQ(change->values.limit, 100U);
  EXPECT_EQ(change->values.seed, 7U);
}

TEST(Impair, WhatIsNotNamedStays) {
  net::Impairment now;
  now.delay = milliseconds(10);
  now.loss = 0.5;
  EXPECT_EQ(parse_impairment(Words{"delay=20ms"})->applied_to(now).loss, 0.5);
  EXPECT_EQ(parse_impairment(Words{"delay=20ms"})->applied_to(now).delay, milliseconds(20));
  EXPECT_EQ(parse_impairment(Words{"loss=0%"})->applied_to(now).loss, 0);
}

TEST(Impair, NoneClears) {
  net::Impairment now;
  now.loss = 0.5;
  EXPECT_TRUE(parse_impairment(Words{"none"})->applied_to(now).none());
  const net::Impairment after = parse_impairment(Words{"none", "delay=1ms"})->applied_to(now);
  EXPECT_EQ(after.loss, 0);
  EXPECT_EQ(after.delay, milliseconds(1));
}

TEST(Impair, MistakesSayWhatToWrite) {
  EXPECT_EQ(mistake({"dely=20ms"}), "there is no impairment 'dely' / did you mean 'delay'?");
  EXPECT_EQ(mistake({"delay=20"}), "'delay=20' does not say how much / write for instance delay=20ms");
  EXPECT_EQ(mistake({"loss"}), "'loss' does not say how much / write for instance loss=1%");
  EXPECT_EQ(mistake({"limit=-1"}), "'limit=-1' does not say how much / write for instance limit=1000");
  EXPECT_EQ(mistake({"out"}),
            "nothing is said about what to set / write for instance delay=20ms loss=1%, or none");
  EXPECT_EQ(mistake({}),
            "nothing is said about what to set / write for instance delay=20ms loss=1%, or none");
}

}  // namespace
}  // namespace hopyard::app
