#include <gtest/gtest.h>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

/// "eth0 10.0.0.1/24 10.0.0.100-10.0.0.199, …": what a node hands out.
std::string subnets(const lab::Node& node) {
  std::string text;
  for (const lab::DhcpSubnet& one : node.dhcp.subnets)
    text += (text.empty() ? "" : ", ") + node.interfaces[one.interface].name + " " + one.own.text() + " " +
            one.first.text() + "-" + one.last.text();
  return text;
}

TEST(Dhcp, ClientsHaveNoAddressesOfTheirOwn) {
  const Reading reading = read_text(
      "networks: {lan: [10.1.0.0/24, 'fd00:1::/64']}\n"
      "nodes:\n  gw: {kind: router, dhcp: {}}\n  pc: {dhcp: true}\n"
      "  two: {dhcp: true, interfaces: {eth1: {dhcp: false}}}\n"
      "links: [gw -- lan, pc -- lan, two -- lan, two -- lan]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "pc")), "");
  EXPECT_EQ(addresses(node(reading, "two")), "eth1=10.1.0.2/24 eth1=fd00:1::2/64");
  EXPECT_EQ(subnets(node(reading, "gw")),
            "eth0 10.1.0.1/24 10.1.0.3-10.1.0.254, eth0 fd00:1::1/64 fd00:1::1000-fd00:1::ffff");
}

TEST(Dhcp, NumberingLeavesRangesAndHostsOut) {
  const Reading reading = read_text(
      "networks: {lan: 10.1.0.0/24}\n"
      "nodes:\n  gw: {kind: router, dhcp: {serve: lan, range: [.1-.9, .11-.250], hosts: {pc: .10}}}\n"
      "  pc: {dhcp: true}\nlinks: [gw -- lan, pc -- lan, x -- lan, y -- lan]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "gw")), "eth0=10.1.0.251/24");
  EXPECT_EQ(addresses(node(reading, "x")), "eth0=10.1.0.252/24");
  EXPECT_EQ(subnets(node(reading, "gw")),
            "eth0 10.1.0.251/24 10.1.0.1-10.1.0.9, eth0 10.1.0.251/24 10.1.0.11-10.1.0.250");
  ASSERT_EQ(node(reading, "gw").dhcp.hosts.size(), 1U);
  EXPECT_EQ(node(reading, "gw").dhcp.hosts[0].mac, node(reading, "pc").interfaces[0].mac);
  EXPECT_EQ(node(reading, "gw").dhcp.hosts[0].addresses.at(0).text(), "10.1.0.10");
}

TEST(Dhcp, ChecksReachTheAddressesThatAreFixed) {
  const Reading reading = read_text(
      "networks: {lan: [10.1.0.0/24, 'fd00:1::/64']}\n"
      "nodes:\n  gw: {kind: router, dhcp: {hosts: {pc: [.12, '::12'], '02:00:5e:00:53:01': .13}}}\n"
      "  pc: {dhcp: true}\n  two: {dhcp: true, interfaces: {eth0: {mac: '02:00:5e:00:53:01'}}}\n"
      "links: [gw -- lan, pc -- lan, two -- lan]\n"
      "checks: [{reach: gw -> pc}, {reach: gw -> two}]\n");
  EXPECT_EQ(said(reading), "");
  ASSERT_EQ(reading.checks.size(), 2U);
  ASSERT_EQ(reading.checks[0].addresses.size(), 2U);
  EXPECT_EQ(reading.checks[0].addresses[0].text(), "10.1.0.12");
  EXPECT_EQ(reading.checks[0].addresses[1].text(), "fd00:1::12");
  ASSERT_EQ(reading.checks[1].addresses.size(), 1U);
  EXPECT_EQ(reading.checks[1].addresses[0].text(), "10.1.0.13");
}

TEST(Dhcp, TheLongestFreeRunIsTaken) {
  const Reading good = read_text(
      "networks: {lan: 10.1.0.0/24, big: 10.16.0.0/12}\n"
      "nodes:\n  gw: {kind: router, addresses: {lan: .100}, dhcp: {serve: [big, lan]}}\n"
      "  a: {addresses: {lan: .30}}\n  b: {addresses: {lan: .240}}\n"
      "links: [gw -- lan, gw -- big, a -- lan, b -- lan]\n");
  EXPECT_EQ(subnets(node(good, "gw")),
            "eth0 10.1.0.100/24 10.1.0.101-10.1.0.239, eth1 10.16.0.1/12 10.16.0.2-10.17.0.1");
}

TEST(Dhcp, TwoServersOfANetworkHaveRangesOfTheirOwn) {
  const Reading reading = read_text(
      "networks: {lan: 10.1.0.0/24}\n"
      "nodes:\n  a: {dhcp: {serve: lan, range: .10-.99}}\n  b: {dhcp: {serve: lan}}\n"
      "links: [a -- lan, b -- lan]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(subnets(node(reading, "b")), "eth0 10.1.0.2/24 10.1.0.100-10.1.0.254");
}

TEST(Dhcp, TheNearestWins) {
  const Reading reading = read_text(
      "kinds:\n  pc: {dhcp: true}\n  gate: {kind: router, dhcp: {serve: eth0, options: {mtu: 1400, 66: a}}}\n"
      "nodes:\n  gw: {kind: gate, dhcp: {options: {'66': b}}}\n  a: {kind: pc}\n  b: {kind: pc, dhcp: "
      "false}\n"
      "links: [gw -- sw, a -- sw, b -- sw]\nnetworks: {sw: }\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "a")), "");
  EXPECT_EQ(addresses(node(reading, "b")), "eth0=10.0.0.2/24");
  const auto& options = node(reading, "gw").dhcp.options;
  ASSERT_EQ(options.size(), 2U);
  EXPECT_EQ(options[0].values, std::vector<std::string>{"1400"});
  EXPECT_EQ(options[1].values, std::vector<std::string>{"b"});
}

TEST(Forwards, LeadToTheAddressesThatAreNearest) {
  const Reading reading = read_text(
      "networks: {lan: [10.1.0.0/24, 'fd00:1::/64']}\n"
      "nodes:\n  gw:\n    kind: router\n    nat:\n      out: wan\n      forward:\n"
      "        - {port: 8080, to: 'web:80'}\n        - {port: udp/53, to: web}\n"
      "        - {port: 1, to: '[fd00::5]:2'}\n        - {port: 2, to: 'fd00::5'}\n"
      "links: [web -- far, gw -- lan, web -- lan, gw:wan -- net]\n");
  EXPECT_EQ(said(reading), "");
  const auto& all = node(reading, "gw").forwards;
  ASSERT_EQ(all.size(), 4U);
  ASSERT_EQ(all[0].to.size(), 2U);
  EXPECT_EQ(all[0].to[0].text(), "10.1.0.2");
  EXPECT_EQ(all[0].to[1].text(), "fd00:1::2");
  EXPECT_EQ(all[0].to_port, 80);
  EXPECT_EQ(all[1].to_port, 53);
  EXPECT_EQ(all[1].protocol, lab::Forward::Protocol::Udp);
  EXPECT_EQ(all[2].to_port, 2);
  EXPECT_EQ(all[3].to_port, 2);
  EXPECT_EQ(all[3].to.at(0).text(), "fd00::5");
}

TEST(Dhcp, AnOptionOfAKindCanBeTakenBack) {
  const Reading reading = read_text(
      "kinds: {gateway: {kind: router, dhcp: {options: {mtu: 1400, domain: example.org, '66': boot}}}}\n"
      "nodes:\n"
      "  a: {kind: gateway, dhcp: {range: .10-.19}}\n"
      "  b: {kind: gateway, dhcp: {range: .20-.29, options: {mtu: [], domain: [], '66': []}}}\n"
      "  c: {kind: gateway, dhcp: {range: .30-.39, options: {mtu: }}}\n"
      "  pc: {dhcp: true}\n"
      "networks: {lan: 10.1.0.0/24}\n"
      "links: [a -- lan, b -- lan, c -- lan, pc -- lan]\n");
  EXPECT_EQ(said(reading), "");
  const auto mtu = [&](std::string_view name) {
    std::vector<std::string> values;
    for (const lab::DhcpOption& one : node(reading, name).dhcp.options)
      if (one.name == lab::DhcpOption::Name::Mtu)
        values.insert(values.end(), one.values.begin(), one.values.end());
    return values;
  };
  EXPECT_EQ(mtu("a"), std::vector<std::string>{"1400"});
  EXPECT_TRUE(mtu("b").empty());
  EXPECT_TRUE(mtu("c").empty());
}

}  // namespace
}  // namespace hopyard::language::test
