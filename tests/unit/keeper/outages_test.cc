#include "keeper/outages.hh"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/keeper/triangle.hh"

namespace hopyard::keeper {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OutagesTest : public testing::Test {
 protected:
  [[nodiscard]] Target target(std::string_view name) const { return directory_.target(name).value(); }
  std::vector<std::string> fail(std::string_view name) { return words(outages_.fail(target(name))); }
  std::vector<std::string> heal(std::string_view name) {
    Recovery recovery = outages_.heal(target(name));
    reduced_ = std::move(recovery.reduced);
    std::vector<std::string> all = words(recovery.steps);
    for (std::string& step : words(recovery.last)) all.push_back(std::move(step));
    return all;
  }
  [[nodiscard]] std::vector<std::string> words(const std::vector<plan::Operation>& steps) const {
    std::vector<std::string> all;
    for (const plan::Operation& step : steps) {
      const net::Namespace& ns = desired_.namespaces[step.ns];
      const std::string device = step.device == net::none ? "" : ':' + ns.devices[step.device].name;
      switch (step.verb) {
        case plan::Verb::SetDown:
          all.push_back("down " + ns.name + device);
          break;
        case plan::Verb::SetUp:
          all.push_back("up " + ns.name + device);
          break;
        case plan::Verb::AddAddress:
          all.push_back(fmt::format("address {}{} {}", ns.name, device, step.item));
          break;
        case plan::Verb::AddRoute:
          all.push_back(fmt::format("route {} {}", ns.name, step.item));
          break;
        case plan::Verb::WriteSysctl:
          all.push_back(fmt::format("sysctl {} {}", ns.name, step.item));
          break;
        default:
          all.emplace_back("?");
          break;
      }
    }
    return all;
  }

  net::Desired desired_ = triangle();
  Directory directory_{desired_};
  Outages outages_{desired_, directory_};
  std::vector<Recovery::Reduced> reduced_;
};

TEST_F(OutagesTest, WhatDevicesOverwriteIsWrittenOnceBothEndsAreUp) {
  desired_.namespaces[0].sysctls = {{"net.ipv6.conf.all.mtu", "1300"}, {"net.ipv6.conf.eth0.mtu", "1300"}};
  net::Device& here = desired_.namespaces[0].devices[0];
  net::Device& there = desired_.namespaces[1].devices[0];
  here.peer_namespace = 1, here.peer_device = there.peer_namespace = there.peer_device = 0;
  fail("r1:eth0");
  fail("r2:eth0");
  for (const std::string& step : heal("r1:eth0")) EXPECT_EQ(step.find("sysctl"), std::string::npos) << step;
  EXPECT_EQ(heal("r2:eth0").back(), "sysctl r1 1");
  fail("r1 -- r2");
  const auto steps = heal("r1 -- r2");
  EXPECT_EQ(std::ranges::count(steps, "sysctl r1 1"), 1);
  EXPECT_EQ(steps.back(), "sysctl r1 1");
}

TEST_F(OutagesTest, ALinkFailsAtBothEnds) {
  EXPECT_THAT(fail("r1 -- r2"), ElementsAre("down r1:eth0", "down r2:eth0"));
  EXPECT_TRUE(outages_.failed(target("r2 -- r1")));
  EXPECT_TRUE(outages_.wire_down(0));
  EXPECT_FALSE(outages_.wire_down(1));
}

TEST_F(OutagesTest, AnInterfaceFailsAlone) {
  EXPECT_THAT(fail("r1:eth0"), ElementsAre("down r1:eth0"));
  EXPECT_TRUE(outages_.wire_down(0));
  EXPECT_FALSE(outages_.device_down(1, 0));
}

TEST_F(OutagesTest, ANodeFailsWithAllItsInterfaces) {
  EXPECT_THAT(fail("r2"), ElementsAre("down r2:eth0", "down r2:eth1"));
}

TEST_F(OutagesTest, ToFailAgainDoesNothing) {
  fail("r1 -- r2");
  EXPECT_THAT(fail("r1 -- r2"), IsEmpty());
}

TEST_F(OutagesTest, HealsInAnOrderThatWorks) {
  fail("r1 -- r2");
  EXPECT_THAT(heal("r1 -- r2"), ElementsAre("up r1:eth0", "up r2:eth0", "address r1:eth0 0",
                                            "address r2:eth0 0", "route r1 0", "route r1 1"));
  EXPECT_THAT(reduced_, IsEmpty());
  EXPECT_FALSE(outages_.wire_down(0));
}

TEST_F(OutagesTest, HealsWhatNeverFailedByDoingNothing) {
  EXPECT_THAT(heal("r1 -- r2"), IsEmpty());
}

TEST_F(OutagesTest, LeavesDownWhatAnotherFailureHolds) {
  fail("r1 -- r2");
  EXPECT_THAT(fail("r1"), ElementsAre("down r1:eth1"));
  EXPECT_THAT(heal("r1 -- r2"), ElementsAre("up r2:eth0", "address r2:eth0 0"));
  EXPECT_TRUE(outages_.device_down(0, 0));
  EXPECT_THAT(heal("r1"), testing::Contains("up r1:eth0"));
  EXPECT_FALSE(outages_.device_down(0, 0));
}

TEST_F(OutagesTest, BringsBackAMultipathRouteByTheWaysThatAreThere) {
  fail("r1 -- r2");
  fail("r3 -- r1");
  EXPECT_THAT(heal("r3 -- r1"),
              ElementsAre("up r1:eth1", "up r3:eth1", "address r1:eth1 0", "address r3:eth1 0"));
  ASSERT_EQ(reduced_.size(), 1U);
  EXPECT_EQ(reduced_[0].step.item, 0U);
  ASSERT_EQ(reduced_[0].route.next_hops.size(), 1U);
  EXPECT_EQ(reduced_[0].route.next_hops[0].via, IpAddress::parse("10.0.31.1"));
  EXPECT_THAT(heal("r1 -- r2"), testing::IsSupersetOf({"route r1 0", "route r1 1"}));
}

TEST_F(OutagesTest, LeavesRoutesAloneThatGoElsewhere) {
  fail("r3 -- r1");
  EXPECT_THAT(heal("r3 -- r1"), testing::Not(testing::Contains("route r1 1")));
}

}  // namespace
}  // namespace hopyard::keeper
