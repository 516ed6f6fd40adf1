#include "language/pool.hh"

#include <gtest/gtest.h>

namespace hopyard::language {
namespace {

Prefix prefix(std::string_view text) {
  return Prefix::parse(text).value();
}

TEST(Pool, CutsFromTheBeginning) {
  Pool pool(prefix("10.0.0.0/8"), {});
  EXPECT_EQ(pool.take(30)->text(), "10.0.0.0/30");
  EXPECT_EQ(pool.take(30)->text(), "10.0.0.4/30");
  EXPECT_EQ(pool.take(24)->text(), "10.0.1.0/24");
  EXPECT_EQ(pool.take(30)->text(), "10.0.2.0/30");
}

TEST(Pool, GoesAroundWhatIsTaken) {
  Pool pool(prefix("10.0.0.0/24"),
            {prefix("10.0.0.4/30"), prefix("10.0.0.9/32"), prefix("10.0.0.0/29"), prefix("fd00::/8")});
  EXPECT_EQ(pool.take(30)->text(), "10.0.0.12/30");
  EXPECT_EQ(pool.take(25)->text(), "10.0.0.128/25");
  EXPECT_FALSE(pool.take(30));
}

TEST(Pool, EndsWhereItEnds) {
  Pool pool(prefix("255.255.255.248/29"), {});
  EXPECT_TRUE(pool.take(30));
  EXPECT_TRUE(pool.take(30));
  EXPECT_FALSE(pool.take(30));
  Pool taken(prefix("0.0.0.0/1"), {prefix("0.0.0.0/0")});
  EXPECT_FALSE(taken.take(30));
  Pool small(prefix("10.0.0.0/28"), {});
  EXPECT_FALSE(small.take(24));
  Pool first(prefix("0.0.0.0/8"), {prefix("0.0.0.0/32")});
  EXPECT_EQ(first.take(32)->text(), "0.0.0.1/32");
}

TEST(Pool, HasIPv6) {
  Pool pool(prefix("fd00:1::/48"), {prefix("fd00:1:0:1::/64")});
  EXPECT_EQ(pool.take(64)->text(), "fd00:1::/64");
  EXPECT_EQ(pool.take(64)->text(), "fd00:1:0:2::/64");
}

TEST(HostAddresses, LeaveOutNetworkBroadcastAndTheUsed) {
  HostAddresses addresses(prefix("10.0.0.0/29"), {IpAddress::v4(0x0A000003), IpAddress::v4(0x0A000001)});
  std::string all;
  while (const auto one = addresses.take()) all += one->text() + " ";
  EXPECT_EQ(all, "10.0.0.2 10.0.0.4 10.0.0.5 10.0.0.6 ");
}

TEST(HostAddresses, UseAllOfTheSmallest) {
  HostAddresses two(prefix("10.0.0.2/31"), {});
  EXPECT_EQ(two.take()->text(), "10.0.0.2");
  EXPECT_EQ(two.take()->text(), "10.0.0.3");
  EXPECT_FALSE(two.take());
  HostAddresses one(prefix("255.255.255.255/32"), {});
  EXPECT_TRUE(one.take());
  EXPECT_FALSE(one.take());
  HostAddresses six(prefix("fd00::/64"), {});
  EXPECT_EQ(six.take()->text(), "fd00::1");
}

}  // namespace
}  // namespace hopyard::language
