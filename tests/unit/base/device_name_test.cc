#include "base/device_name.hh"

#include <gtest/gtest.h>

namespace hopyard {
namespace {

// These very names are what rules of people's firewalls and notes hold.
TEST(DeviceName, FollowsFromTheNamesTheSameOnEveryMachine) {
  EXPECT_EQ(device_name({"lab", "node"}), "hop-8c31c233");
  EXPECT_NE(device_name({"lab", "node"}), device_name({"labn", "ode"}));
}

}  // namespace
}  // namespace hopyard
