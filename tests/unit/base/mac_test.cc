#include "base/mac.hh"

#include <gtest/gtest.h>

#include "base/hash.hh"

namespace hopyard {
namespace {

TEST(Mac, ReadsAndWrites) {
  EXPECT_EQ(Mac::parse("02:00:5E:00:53:ff")->text(), "02:00:5e:00:53:ff");
  for (const char* text : {"", "02:00:5e:00:53", "02:00:5e:00:53:0g", "02-00-5e-00-53-01",
                           "02:00:5e:00:53:01:", "2:0:5e:0:53:1", "02:00:5e:00:53: 1", "02:00:5e:00:53:-1"})
    EXPECT_FALSE(Mac::parse(text)) << text;
}

TEST(Mac, KnowsMulticastAndZero) {
  EXPECT_TRUE(Mac::parse("01:00:5e:00:00:01")->multicast());
  EXPECT_FALSE(Mac::parse("02:00:5e:00:00:01")->multicast());
  EXPECT_TRUE(Mac::parse("00:00:00:00:00:00")->zero());
}

// These very addresses are what labs have; a change of them breaks what people have written down.
TEST(Mac, FollowsFromTheNamesTheSameOnEveryMachine) {
  EXPECT_EQ(Mac::derived("pair", "a", "eth0").text(), "5a:4e:d9:48:e8:48");
  EXPECT_EQ(Mac::derived("pair", "b", "eth0").text(), "0e:2c:43:3f:76:11");
  EXPECT_EQ(Mac::derived("pair", "a", "eth1").text(), "16:22:15:79:fa:1e");
  EXPECT_EQ(Mac::derived("hundred-hops", "ROUTER_100", "eth0").text(), "f6:a1:39:e4:55:60");
}

TEST(Mac, IsLocallyAdministeredUnicast) {
  for (const char* node : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    const Mac mac = Mac::derived("lab", node, "eth0");
    EXPECT_EQ(mac.bytes[0] & 3U, 2U) << mac.text();
  }
}

TEST(Mac, TellsNamesApartThatReadAlikeInARow) {
  EXPECT_NE(Mac::derived("l", "ab", "c"), Mac::derived("l", "a", "bc"));
}

TEST(Hash, IsTheSameOnEveryMachine) {
  Hash hash;
  EXPECT_EQ(hash.value(), 0xEFD01F60BA992926ULL);
  hash.add("hopyard");
  EXPECT_EQ(hash.value(), 0x0C2EEA52C0E438E0ULL);
}

}  // namespace
}  // namespace hopyard
