#include "net/impairment.hh"

#include <gtest/gtest.h>

namespace hopyard::net {
namespace {

using namespace std::chrono_literals;

TEST(Impairment, IsNoneUntilSomethingIsAsked) {
  Impairment impairment;
  EXPECT_TRUE(impairment.none());
  impairment.seed = 0;
  EXPECT_FALSE(impairment.none());
}

TEST(Impairment, IsOnlyARateWhenNothingElseIsAsked) {
  Impairment impairment;
  EXPECT_FALSE(impairment.only_rate());
  impairment.rate = 1'000'000;
  EXPECT_TRUE(impairment.only_rate());
  impairment.limit = 10;
  EXPECT_TRUE(impairment.only_rate());
  impairment.delay = 1ms;
  EXPECT_FALSE(impairment.only_rate());
}

}  // namespace
}  // namespace hopyard::net
