#include "base/ip.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace hopyard {
namespace {

IpAddress ip(std::string_view text) {
  return *IpAddress::parse(text);
}
Prefix prefix(std::string_view text) {
  return *Prefix::parse(text);
}

TEST(IpAddress, ReadsAndWritesBothFamilies) {
  EXPECT_EQ(ip("10.0.0.1").text(), "10.0.0.1");
  EXPECT_EQ(ip("10.0.0.1").family(), Family::V4);
  EXPECT_EQ(ip("10.0.0.1"), IpAddress::v4(0x0A000001));
  EXPECT_EQ(ip("2001:DB8:0:0:0:0:0:1").text(), "2001:db8::1");
  EXPECT_EQ(ip("::").family(), Family::V6);
  EXPECT_EQ(ip("::ffff:1.2.3.4").text(), "::ffff:1.2.3.4");
}

TEST(IpAddress, RefusesWhatIsNotOne) {
  for (const char* text : {"", "10", "10.0.0", "10.0.0.256", "10.0.0.1 ", " 10.0.0.1", "10.0.0.1/24",
                           "010.0.0.1", "10.0.0.0x1", "::1::", "g::", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9",
                           "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa"})
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  EXPECT_FALSE(IpAddress::parse(std::string_view("10.0.0.1\0", 9)));
}

TEST(IpAddress, SortsByFamilyThenByNumber) {
  std::vector<IpAddress> addresses{ip("::1"), ip("10.0.0.10"), ip("9.0.0.0"), ip("::"), ip("10.0.0.9")};
  std::sort(addresses.begin(), addresses.end());
  EXPECT_EQ(addresses, (std::vector{ip("9.0.0.0"), ip("10.0.0.9"), ip("10.0.0.10"), ip("::"), ip("::1")}));
}

TEST(IpAddress, CountsOnWithinItsFamily) {
  EXPECT_EQ(ip("10.0.0.255").plus(1), ip("10.0.1.0"));
  EXPECT_EQ(ip("255.255.255.255").plus(2), ip("0.0.0.1"));
  EXPECT_EQ(ip("0.0.0.0").plus(0x1'0000'0005), ip("0.0.0.5"));
  EXPECT_EQ(ip("fd00::ffff:ffff:ffff:ffff").plus(1), ip("fd00:0:0:1::"));
  EXPECT_EQ(ip("::").plus(UINT64_MAX), ip("::ffff:ffff:ffff:ffff"));
}

TEST(IpAddress, HasBitsFromTheMostSignificant) {
  IpAddress address = ip("128.0.0.1");
  EXPECT_TRUE(address.bit(0));
  EXPECT_FALSE(address.bit(1));
  EXPECT_TRUE(address.bit(31));
  address.set_bit(0, false);
  address.set_bit(8, true);
  EXPECT_EQ(address, ip("0.128.0.1"));
}

TEST(IpAddress, IsMaskedAtAnyLength) {
  EXPECT_EQ(ip("255.255.255.255").masked(0), ip("0.0.0.0"));
  EXPECT_EQ(ip("255.255.255.255").masked(13), ip("255.248.0.0"));
  EXPECT_EQ(ip("255.255.255.255").masked(32), ip("255.255.255.255"));
  EXPECT_EQ(ip("ffff:ffff:ffff::ffff").masked(47), ip("ffff:ffff:fffe::"));
  EXPECT_EQ(ip("ffff::1").masked(128), ip("ffff::1"));
}

TEST(Prefix, ReadsOnlyWhatHasNoHostBits) {
  EXPECT_EQ(prefix("10.0.0.0/8").text(), "10.0.0.0/8");
  EXPECT_EQ(prefix("::/0").length, 0);
  EXPECT_TRUE(prefix("10.0.0.1/32").is_host());
  EXPECT_TRUE(prefix("::1/128").is_host());
  EXPECT_FALSE(prefix("::/32").is_host());
  for (const char* text : {"10.0.0.1/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1",
                           "10.0.0.0/8x", "10.0.0.0/+8", "10.0.0.0/256", "/8"})
    EXPECT_FALSE(Prefix::parse(text)) << text;
}

TEST(Prefix, HoldsAddressesAndLongerPrefixes) {
  EXPECT_TRUE(prefix("10.0.0.0/8").contains(ip("10.255.0.1")));
  EXPECT_FALSE(prefix("10.0.0.0/8").contains(ip("11.0.0.0")));
  EXPECT_FALSE(prefix("0.0.0.0/0").contains(ip("::")));
  EXPECT_TRUE(prefix("10.0.0.0/8").contains(prefix("10.0.0.0/8")));
  EXPECT_TRUE(prefix("10.0.0.0/8").contains(prefix("10.1.0.0/16")));
  EXPECT_FALSE(prefix("10.1.0.0/16").contains(prefix("10.0.0.0/8")));
  EXPECT_TRUE(prefix("10.1.0.0/16").overlaps(prefix("10.0.0.0/8")));
  EXPECT_FALSE(prefix("10.1.0.0/16").overlaps(prefix("10.2.0.0/16")));
}

TEST(Prefix, EndsAtItsLastAddress) {
  EXPECT_EQ(prefix("10.0.0.0/30").last(), ip("10.0.0.3"));
  EXPECT_EQ(prefix("10.0.0.7/32").last(), ip("10.0.0.7"));
  EXPECT_EQ(prefix("fd00::/64").last(), ip("fd00::ffff:ffff:ffff:ffff"));
}

TEST(InterfaceAddress, KeepsTheHostBits) {
  const InterfaceAddress one = *InterfaceAddress::parse("10.1.2.3/16");
  EXPECT_EQ(one.text(), "10.1.2.3/16");
  EXPECT_EQ(one.prefix(), prefix("10.1.0.0/16"));
  EXPECT_FALSE(InterfaceAddress::parse("10.1.2.3"));
}

}  // namespace
}  // namespace hopyard
