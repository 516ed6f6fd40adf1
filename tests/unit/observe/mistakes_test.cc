#include "observe/mistakes.hh"

#include <gtest/gtest.h>

namespace hopyard::observe {
namespace {

net::SeenLink link(std::uint32_t index, std::string name, std::string kind = "veth",
                   std::uint32_t master = 0) {
  net::SeenLink one;
  one.index = index;
  one.name = std::move(name);
  one.kind = std::move(kind);
  one.master = master;
  one.mtu = 1500;
  one.up = one.running = true;
  return one;
}

net::SeenAddress address(std::uint32_t link, const char* text) {
  return {link, *InterfaceAddress::parse(text), false, false, false};
}

net::SeenRoute route(const char* to, std::string device, std::uint8_t protocol = 4) {
  net::SeenRoute seen;
  seen.route.to = *Prefix::parse(to);
  seen.route.table = 254;
  seen.route.next_hops.push_back({std::nullopt, std::move(device), 1});
  seen.protocol = protocol;
  return seen;
}

std::vector<std::string> said(const net::Snapshot& now) {
  std::vector<std::string> words;
  for (const Mistake& one : find_mistakes(now)) words.push_back(one.what);
  return words;
}

using Words = std::vector<std::string>;

TEST(Mistakes, NoneInANetworkAsItShouldBe) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "br0", "bridge"), link(3, "eth1", "", 2), link(4, "eth0"),
               link(5, "unused")};
  now.links[4].up = false;
  now.addresses = {address(1, "10.255.0.1/32"), address(2, "10.0.0.1/24"), address(4, "10.0.1.1/24")};
  now.routes = {route("10.0.0.0/24", "br0", 2), route("10.0.1.0/24", "eth0", 2)};
  EXPECT_EQ(said(now), Words{});
}

TEST(Mistakes, LinkLocalAddressesOfPortsAreNobodys) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "br0", "bridge"), link(3, "eth1", "", 2)};
  now.addresses = {address(3, "fe80::1/64")};
  now.addresses[0].link_local = true;
  EXPECT_EQ(said(now), Words{});
}

TEST(Mistakes, LoopbackAndBridgeDown) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "br0", "bridge"), link(3, "eth1", "", 2)};
  now.links[0].up = now.links[1].up = false;
  EXPECT_EQ(said(now), (Words{"lo is down", "br0 is down"}));
  EXPECT_EQ(find_mistakes(now)[0].remedy, "ip link set lo up");
}

TEST(Mistakes, AddressOfAPortBelongsToItsMaster) {
  for (const char* kind : {"bridge", "bond", "team", "openvswitch"}) {
    net::Snapshot now;
    now.links = {link(1, "lo", ""), link(2, "br0", kind), link(3, "eth1", "", 2)};
    now.addresses = {address(3, "192.168.10.29/24")};
    ASSERT_EQ(said(now), Words{"eth1 is a port of br0 and has the address 192.168.10.29/24"}) << kind;
    EXPECT_EQ(find_mistakes(now)[0].remedy,
              "ip address del 192.168.10.29/24 dev eth1; ip address add 192.168.10.29/24 dev br0");
  }
}

TEST(Mistakes, InterfaceOfAVrfKeepsItsAddress) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "red", "vrf"), link(3, "eth1", "", 2)};
  now.addresses = {address(3, "192.168.10.29/24")};
  now.routes = {route("192.168.10.0/24", "eth1", 2)};
  EXPECT_EQ(said(now), Words{});
}

TEST(Mistakes, WholeAddressOfAPortGetsTheLengthOfItsNetwork) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "br0", "bridge"), link(3, "veth0", "veth", 2)};
  now.addresses = {address(3, "10.0.0.20/32"), address(2, "10.0.0.1/20")};
  ASSERT_EQ(said(now), Words{"veth0 is a port of br0 and has the address 10.0.0.20/32"});
  EXPECT_EQ(find_mistakes(now)[0].remedy,
            "ip address del 10.0.0.20/32 dev veth0; ip address add 10.0.0.20/20 dev br0");
}

TEST(Mistakes, WholeAddressWithoutARouteReachesNobody) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "eth0"), link(3, "d0", "dummy")};
  now.addresses = {address(2, "10.0.0.20/32"), address(2, "2001:db8::1/128"), address(3, "10.1.0.1/32")};
  now.routes = {route("2001:db8::1/128", "eth0", 2), route("fe80::/64", "eth0", 2)};
  EXPECT_EQ(said(now), (Words{"eth0 has 10.0.0.20/32, and no route leads out by it",
                              "eth0 has 2001:db8::1/128, and no route leads out by it"}));
  now.routes = {route("10.0.0.0/24", "eth0"), route("::/0", "eth0")};
  EXPECT_EQ(said(now), Words{});
}

TEST(Mistakes, OnePrefixOnTwoInterfaces) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "eth0"), link(3, "eth1"), link(4, "red", "vrf"),
               link(5, "eth2", "veth", 4)};
  now.addresses = {address(2, "10.0.0.1/24"), address(3, "10.0.0.2/24"), address(5, "10.0.0.3/24")};
  EXPECT_EQ(said(now), Words{"10.0.0.0/24 is on eth0 and on eth1"});
}

TEST(Mistakes, DownWithoutCarrierAndDuplicate) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "eth0"), link(3, "eth1"), link(4, "eth2")};
  now.links[1].up = now.links[1].running = false;
  now.links[2].running = false;
  now.addresses = {address(2, "10.0.0.1/24"), address(3, "10.0.1.1/24"), address(4, "2001:db8::1/64")};
  now.addresses[2].duplicate = true;
  now.routes = {route("2001:db8::/64", "eth2", 2)};
  EXPECT_EQ(said(now),
            (Words{"eth0 is down", "eth1 has no carrier", "2001:db8::1 of eth2 is somebody else's too"}));
}

TEST(Mistakes, WhatWaitsForSomebodyIsNone) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "ovs-system", "openvswitch"), link(3, "eth0", "veth", 2),
               link(4, "tun0", "tun"), link(5, "docker0", "bridge")};
  now.links[1].up = now.links[1].running = now.links[3].running = now.links[4].running = false;
  now.addresses = {address(4, "10.8.0.1/24"), address(5, "172.17.0.1/16")};
  EXPECT_EQ(said(now), Words{});
}

TEST(Mistakes, PeersAndLoopbacksOfVrfsAreNone) {
  net::Snapshot now;
  now.links = {link(1, "lo", ""), link(2, "eth0"), link(3, "red", "vrf"), link(4, "blue", "vrf")};
  now.addresses = {address(2, "10.0.0.1/32"), address(3, "127.0.0.1/8"), address(4, "127.0.0.1/8")};
  now.routes = {route("10.0.0.2/32", "eth0", 2)};
  EXPECT_EQ(said(now), Words{});
}

TEST(Mistakes, EndsOfAWire) {
  net::Snapshot left;
  net::Snapshot right;
  left.links = {link(2, "eth0")};
  right.links = {link(7, "eth3")};
  const auto between = [&] {
    Words words;
    for (const Mistake& one : find_wire_mistakes({"a", "eth0", &left}, {"b", "eth3", &right}))
      words.push_back(one.what);
    return words;
  };
  EXPECT_EQ(between(), Words{});
  left.addresses = {address(2, "10.0.0.1/24")};
  EXPECT_EQ(between(), Words{}) << "addresses at one end alone may be meant";
  right.addresses = {address(7, "10.0.0.2/24")};
  EXPECT_EQ(between(), Words{});
  right.addresses = {address(7, "10.0.0.129/25")};
  EXPECT_EQ(between(), Words{"10.0.0.1/24 and 10.0.0.129/25 are not in one subnet"});
  right.addresses = {address(7, "10.0.0.1/24")};
  EXPECT_EQ(between(), Words{"both ends have 10.0.0.1"});
  right.addresses = {};
  right.links[0].mtu = 1400;
  EXPECT_EQ(between(), Words{"a:eth0 has an MTU of 1500 and b:eth3 of 1400"});
}

}  // namespace
}  // namespace hopyard::observe
