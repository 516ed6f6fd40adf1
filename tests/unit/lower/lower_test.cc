#include "lower/lower.hh"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/lower/labs.hh"

namespace hopyard::lower {
namespace {

using test::Builder;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Lowers, and says what warnings there were.
struct Lowered {
  explicit Lowered(const lab::Lab& lab) : desired(lower(lab, diagnostics)) {
    for (const Diagnostic& one : diagnostics.all()) warnings.push_back(one.message);
  }
  const net::Namespace& operator[](std::size_t index) const { return desired.namespaces[index]; }

  Diagnostics diagnostics;
  net::Desired desired;
  std::vector<std::string> warnings;
};

std::vector<std::string> sysctls(const net::Namespace& ns) {
  std::vector<std::string> lines;
  for (const net::Sysctl& one : ns.sysctls) lines.push_back(one.name + "=" + one.value);
  return lines;
}

std::vector<std::string> devices(const net::Namespace& ns) {
  std::vector<std::string> names;
  for (const net::Device& one : ns.devices) names.push_back(one.name);
  return names;
}

net::Impairment delayed(int milliseconds) {
  net::Impairment impairment;
  impairment.delay = std::chrono::milliseconds(milliseconds);
  return impairment;
}

std::vector<std::string> neighbours(const net::Device& device) {
  std::vector<std::string> lines;
  for (const net::Neighbour& one : device.neighbours)
    lines.push_back(one.address.text() + " " + one.mac.text());
  return lines;
}

TEST(Lower, TellsNeighboursOnlyWhenAsked) {
  Builder lab("pair");
  lab.router("a");
  lab.router("b");
  lab.link(0, "10.0.0.1/30", 1, "10.0.0.2/30");
  EXPECT_THAT(neighbours(Lowered(lab.lab())[0].devices[0]), IsEmpty());
}

TEST(Lower, TellsNeighboursOfTheSameSubnet) {
  Builder lab("pair");
  lab.router("a");
  lab.router("b");
  lab.link(0, "10.0.0.1/30", 1, "10.0.0.2/30");
  lab::Lab made = lab.lab();
  made.neighbours = lab::Neighbours::Static;
  lab::Interface& other = made.nodes[1].interfaces[0];
  other.mac = *Mac::parse("02:00:00:00:00:07");
  other.addresses.push_back(*InterfaceAddress::parse("192.0.2.9/24"));
  const Lowered lowered(made);
  EXPECT_THAT(neighbours(lowered[0].devices[0]), ElementsAre("10.0.0.2 02:00:00:00:00:07"));
  EXPECT_THAT(neighbours(lowered[1].devices[0]), SizeIs(1));
}

TEST(Lower, MakesAWireOfALink) {
  Builder lab("pair");
  lab.host("a");
  lab.host("b");
  lab::Link& link = lab.link(0, "10.0.0.1/30", 1, "10.0.0.2/30");
  link.out = delayed(1);
  link.back = delayed(2);
  link.mtu = 9000;
  const Lowered lowered(lab.lab());
  EXPECT_EQ(lowered.desired.lab, "pair");
  ASSERT_THAT(lowered.desired.namespaces, SizeIs(2));
  ASSERT_THAT(lowered[0].devices, SizeIs(1));
  const net::Device& left = lowered[0].devices[0];
  const net::Device& right = lowered[1].devices[0];
  EXPECT_EQ(lowered[0].kind, "host");
  EXPECT_EQ(lowered[0].role, net::Namespace::Role::Node);
  EXPECT_EQ(left.name, "eth0");
  EXPECT_EQ(left.kind, net::Device::Kind::Veth);
  EXPECT_EQ(left.mac, Mac::derived("pair", "a", "eth0"));
  EXPECT_TRUE(left.makes_pair);
  EXPECT_FALSE(right.makes_pair);
  EXPECT_EQ(left.peer_namespace, 1U);
  EXPECT_EQ(left.peer_device, 0U);
  EXPECT_EQ(right.peer_namespace, 0U);
  EXPECT_EQ(left.mtu, 9000U);
  EXPECT_EQ(right.mtu, 9000U);
  EXPECT_EQ(left.egress, delayed(1));
  EXPECT_EQ(right.egress, delayed(2));
  EXPECT_EQ(left.addresses, std::vector{*InterfaceAddress::parse("10.0.0.1/30")});
  ASSERT_THAT(lowered.desired.wires, SizeIs(1));
  EXPECT_EQ(lowered.desired.wires[0].name, "a:eth0 -- b:eth0");
  EXPECT_THAT(lowered[0].sysctls, IsEmpty());
  EXPECT_EQ(lowered[0].machine.hostname, "a");
  EXPECT_THAT(lowered.warnings, IsEmpty());
}

TEST(Lower, LetsTheLowerNamespaceMakeThePair) {
  Builder lab;
  lab.host("a");
  lab.host("b");
  lab.link(1, "", 0, "");
  lab.link(0, "", 0, "");
  const Lowered lowered(lab.lab());
  EXPECT_TRUE(lowered[0].devices[0].makes_pair);
  EXPECT_FALSE(lowered[1].devices[0].makes_pair);
  EXPECT_TRUE(lowered[0].devices[1].makes_pair);
  EXPECT_FALSE(lowered[0].devices[2].makes_pair);
  EXPECT_EQ(lowered[0].devices[1].peer_device, 2U);
}

TEST(Lower, GivesAnEndTheMtuOfItsInterfaceFirst) {
  Builder lab;
  lab.host("a");
  lab.host("b");
  lab.link(0, "", 1, "").mtu = 9000;
  lab.link(0, "", 1, "").mtu = 9000;
  lab[0].interfaces[1].mtu = 1400;
  const Lowered lowered(lab.lab());
  EXPECT_EQ(lowered[0].devices[0].mtu, 9000U);
  EXPECT_EQ(lowered[0].devices[1].mtu, 1400U);
  EXPECT_EQ(lowered[1].devices[1].mtu, 1400U);
}

TEST(Lower, MakesARouterForward) {
  Builder lab;
  lab.router("r");
  lab[0].sysctls = {{"net.ipv4.ip_default_ttl", "255"}, {"net.ipv6.conf.all.forwarding", "0"}};
  const Lowered lowered(lab.lab());
  EXPECT_EQ(lowered[0].kind, "router");
  EXPECT_THAT(sysctls(lowered[0]), ElementsAre("net.ipv4.ip_forward=1", "net.ipv4.ip_default_ttl=255",
                                               "net.ipv6.conf.all.forwarding=0"));
}

TEST(Lower, MakesASwitchOfABridgeAndItsPorts) {
  Builder lab("l2");
  const std::uint32_t sw = lab.node("sw", lab::Kind::Switch);
  const std::uint32_t hub = lab.node("hub", lab::Kind::Hub);
  lab.link(sw, "", hub, "");
  lab[hub].interfaces[0].name = "br0";
  const Lowered lowered(lab.lab());
  EXPECT_THAT(devices(lowered[sw]), ElementsAre("br0", "eth0"));
  EXPECT_THAT(devices(lowered[hub]), ElementsAre("br1", "br0"));
  const net::Device& bridge = lowered[sw].devices[0];
  const net::Device& port = lowered[sw].devices[1];
  EXPECT_EQ(bridge.kind, net::Device::Kind::Bridge);
  EXPECT_EQ(bridge.mac, Mac::derived("l2", "sw", "br0"));
  EXPECT_FALSE(bridge.floods);
  EXPECT_TRUE(lowered[hub].devices[0].floods);
  EXPECT_EQ(bridge.master, net::none);
  EXPECT_EQ(port.master, 0U);
  EXPECT_EQ(port.peer_namespace, hub);
  EXPECT_EQ(port.peer_device, 1U);
  EXPECT_EQ(lowered[sw].kind, "switch");
  EXPECT_EQ(lowered[hub].kind, "hub");
  EXPECT_THAT(sysctls(lowered[sw]),
              ElementsAre("net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"));
}

/// A network "lan" with so many hosts on it.
Builder lan(int hosts) {
  Builder lab("office");
  const std::uint32_t network = lab.network("lan");
  lab.lab().networks[0].mtu = 1400;
  for (int i = 0; i < hosts; ++i) lab.attach(lab.host(fmt::format("pc{}", i)), "", network);
  return lab;
}

TEST(Lower, MakesABridgeOfANetwork) {
  Builder lab = lan(3);
  lab.lab().links[1].out = delayed(5);
  lab.lab().links[1].back = delayed(6);
  lab.lab().links[2].mtu = 1300;
  const Lowered lowered(lab.lab());
  ASSERT_THAT(lowered.desired.namespaces, SizeIs(4));
  const net::Namespace& segment = lowered[3];
  EXPECT_EQ(segment.role, net::Namespace::Role::Segment);
  EXPECT_EQ(segment.name, "lan");
  EXPECT_EQ(segment.kind, "network");
  EXPECT_THAT(devices(segment), ElementsAre("lan", "pc0-eth0", "pc1-eth0", "pc2-eth0"));
  EXPECT_THAT(sysctls(segment),
              ElementsAre("net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"));
  const net::Device& port = segment.devices[2];
  EXPECT_EQ(port.master, 0U);
  EXPECT_EQ(port.mac, Mac::derived("office", "lan", "pc1-eth0"));
  EXPECT_EQ(port.egress, delayed(6));
  EXPECT_EQ(port.mtu, 1400U);
  EXPECT_EQ(port.peer_namespace, 1U);
  EXPECT_EQ(segment.devices[3].mtu, 1300U);
  EXPECT_EQ(lowered[2].devices[0].mtu, 1300U);
  EXPECT_EQ(lowered[1].devices[0].egress, delayed(5));
  EXPECT_TRUE(lowered[1].devices[0].makes_pair);
  EXPECT_EQ(lowered.desired.wires[1].name, "pc1:eth0 -- lan");
}

TEST(Lower, MakesAPlainWireOfANetworkThatOnlyTwoShare) {
  Builder lab = lan(2);
  const Lowered lowered(lab.lab());
  ASSERT_THAT(lowered.desired.namespaces, SizeIs(2));
  EXPECT_EQ(lowered[0].devices[0].peer_namespace, 1U);
  EXPECT_EQ(lowered[0].devices[0].mtu, 1400U);
  ASSERT_THAT(lowered.desired.wires, SizeIs(1));
  EXPECT_EQ(lowered.desired.wires[0].name, "pc0:eth0 -- pc1:eth0");
}

TEST(Lower, KeepsTheBridgeOfTwoWhenFramesAreTreatedOnTheWay) {
  Builder lab = lan(2);
  lab.lab().links[1].back = delayed(1);
  const Lowered lowered(lab.lab());
  EXPECT_THAT(lowered.desired.namespaces, SizeIs(3));
  EXPECT_THAT(lowered.desired.wires, SizeIs(2));
}

TEST(Lower, KeepsTheBridgeOfOneAndWarnsOfNone) {
  EXPECT_THAT(Lowered(lan(1).lab()).desired.namespaces, SizeIs(2));
  const Lowered none(lan(0).lab());
  EXPECT_THAT(none.desired.namespaces, IsEmpty());
  EXPECT_THAT(none.warnings, ElementsAre("nothing is attached to network 'lan'"));
}

TEST(Lower, JoinsNetworks) {
  Builder lab = lan(1);
  lab.network("annex");
  lab::Link link;
  link.ends[0] = {lab::End::To::Network, 0, lab::none};
  link.ends[1] = {lab::End::To::Network, 1, lab::none};
  lab.lab().links.push_back(link);
  const Lowered lowered(lab.lab());
  ASSERT_THAT(lowered.desired.namespaces, SizeIs(3));
  EXPECT_THAT(devices(lowered[1]), ElementsAre("lan", "pc0-eth0", "annex"));
  EXPECT_THAT(devices(lowered[2]), ElementsAre("annex", "lan"));
  EXPECT_EQ(lowered[1].devices[2].peer_namespace, 2U);
  EXPECT_EQ(lowered.desired.wires[1].name, "lan -- annex");
}

TEST(Lower, WarnsOfANodeWithoutALink) {
  Builder lab;
  lab.host("a");
  EXPECT_THAT(Lowered(lab.lab()).warnings, IsEmpty());
  lab.host("b");
  EXPECT_THAT(Lowered(lab.lab()).warnings, ElementsAre("host 'a' has no link: it reaches no other node",
                                                       "host 'b' has no link: it reaches no other node"));
}

TEST(Lower, WarnsOfAHostInAnotherSubnetThanItsRouter) {
  Builder lab;
  lab.host("pc");
  lab.router("gw");
  lab.link(0, "10.0.0.9/24 fd00::9/64", 1, "10.0.1.1/24 fd00::1/64");
  EXPECT_THAT(
      Lowered(lab.lab()).warnings,
      ElementsAre(
          "host 'pc' has no default route: 10.0.0.9/24 is not in the subnet of router 'gw', 10.0.1.0/24"));
  lab.route(0, "0.0.0.0/0 dev eth0");
  EXPECT_THAT(Lowered(lab.lab()).warnings, IsEmpty());
}

TEST(Lower, WarmsWhatHasSomethingToRun) {
  Builder lab;
  lab.host("runs");
  lab.host("waits");
  lab.host("idles");
  lab[0].machine.run = {"true"};
  lab[1].machine.ready = "true";
  const Lowered lowered(lab.lab());
  EXPECT_TRUE(lowered[0].warm);
  EXPECT_TRUE(lowered[1].warm);
  EXPECT_FALSE(lowered[2].warm);
}

TEST(Lower, LoadsNatAfterThePersonsRulesets) {
  Builder lab;
  lab.router("gw");
  lab[0].firewall = {"flush ruleset\n"};
  lab[0].nat_out = {"wan0", "wan1"};
  EXPECT_THAT(Lowered(lab.lab())[0].rulesets,
              ElementsAre("flush ruleset\n",
                          "table inet hopyard_nat {\n"
                          "  chain postrouting {\n"
                          "    type nat hook postrouting priority srcnat; policy accept;\n"
                          "    oifname \"wan0\" masquerade\n"
                          "    oifname \"wan1\" masquerade\n"
                          "  }\n"
                          "}\n"));
}

TEST(Lower, RefusesServicesThatComeAfterDaemonsOfAFamilyThatIsNotThere) {
  for (const bool dual : {false, true}) {
    Builder lab;
    lab.router("r");
    lab.router("s");
    lab.link(0, dual ? "10.0.0.1/24 fd00::1/64" : "10.0.0.1/24", 1, dual ? "fd00::2/64" : "10.0.0.2/24");
    for (std::size_t i : {0U, 1U}) lab[i].dynamic.ospf.runs = lab[i].dynamic.rip.runs = true;
    net::Service web;
    web.name = "web";
    web.after = {"ospfd", "ospf6d", "ripngd"};
    lab[0].machine.services = {web};
    const Lowered lowered(lab.lab());
    EXPECT_EQ(lowered.diagnostics.failed(), !dual);
    if (dual) continue;
    EXPECT_THAT(lowered.warnings, ElementsAre("'web' comes after 'ospf6d', which 'r' does not run",
                                              "'web' comes after 'ripngd', which 'r' does not run"));
    EXPECT_EQ(lowered.diagnostics.all().front().help, "'r' has no IPv6 addresses");
  }
}

TEST(Lower, PutsGivenRoutesAfterComputedOnesAndInTheirPlace) {
  Builder lab;
  lab.router("r");
  lab.host("a");
  lab.host("b");
  lab.link(0, "10.0.0.1/24 fd00::1/64", 1, "10.0.0.2/24 fd00::2/64");
  lab.link(0, "10.0.1.1/24", 2, "10.0.1.2/24");
  lab.route(1, "10.9.0.0/16 via 10.0.0.7 dev eth0");
  lab.route(1, "::/0 via fd00::7 dev eth0 metric 1024");
  lab.route(2, "0.0.0.0/0 via 10.0.1.7 dev eth0");
  const Lowered lowered(lab.lab());
  EXPECT_THAT(test::texts(lowered[1].routes),
              ElementsAre("default via 10.0.0.1 dev eth0", "10.9.0.0/16 via 10.0.0.7 dev eth0",
                          "default via fd00::7 dev eth0 metric 1024"));
  EXPECT_THAT(test::texts(lowered[2].routes), ElementsAre("default via 10.0.1.7 dev eth0"));
}

TEST(Lower, NamesEveryNodeInTheHostsFile) {
  Builder lab;
  lab.host("a");
  lab.host("b");
  lab.link(0, "10.0.0.1/30 fd00::1/64", 1, "10.0.0.2/30 fe80::2/64");
  lab.loopback(0, "127.0.0.2/8 192.0.2.1/32");
  lab[1].machine.hostname = "b.example";
  EXPECT_EQ(Lowered(lab.lab()).desired.hosts,
            "127.0.0.1 localhost\n"
            "::1 localhost ip6-localhost\n"
            "192.0.2.1 a\n"
            "10.0.0.1 a\n"
            "fd00::1 a\n"
            "10.0.0.2 b b.example\n");
}

}  // namespace
}  // namespace hopyard::lower
