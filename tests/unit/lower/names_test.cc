#include "lower/names.hh"

#include <gtest/gtest.h>

namespace hopyard::lower {
namespace {

TEST(PortNames, AreWhoIsBehindThemWhenThatFits) {
  PortNames names("lan");
  EXPECT_EQ(names.name("pc1-eth0"), "pc1-eth0");
  EXPECT_EQ(names.name("exactly-15-byte"), "exactly-15-byte");
}

TEST(PortNames, AreShortenedAlikeOnEveryMachine) {
  PortNames names("lan");
  EXPECT_EQ(names.name("ROUTER_100-gigabit0"), "ROUTER_1-7f84ff");
  EXPECT_EQ(names.name("ROUTER_101-gigabit0"), "ROUTER_1-8f9826");
}

TEST(PortNames, NeverComeTwice) {
  PortNames names("lan");
  const std::string bridge = names.name("lan");
  const std::string first = names.name("a-b");
  const std::string second = names.name("a-b");
  const std::string third = names.name("a-b");
  EXPECT_NE(bridge, "lan");
  EXPECT_EQ(first, "a-b");
  EXPECT_NE(second, first);
  EXPECT_NE(third, first);
  EXPECT_NE(third, second);
}

TEST(PortNames, AreSuchAsTheKernelTakes) {
  PortNames names("br0");
  for (const char* full : {"", ".", "..", "lo", "all", "default", "a/b", "a:b", "a b", "a%d",
                           "caf\xC3\xA9-eth0", "16-bytes-is-more"}) {
    EXPECT_FALSE(good_device_name(full)) << full;
    EXPECT_TRUE(good_device_name(names.name(full))) << full;
  }
}

}  // namespace
}  // namespace hopyard::lower
