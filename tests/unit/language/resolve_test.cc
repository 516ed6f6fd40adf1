#include <gtest/gtest.h>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

/// The routes of node a, which has 10.0.0.1/30 and fd00::1/64 on eth0 to b, and 10.0.0.5/30 and
/// fd00:0:0:1::1/64 on up to c.
std::string routes(const std::string& list) {
  const Reading reading = read_text(
      "pool: [10.0.0.0/8, 'fd00::/48']\nlinks: [a -- b, 'a:up -- c']\nnodes: {a: {routes: " + list + "}}\n");
  if (reading.diagnostics.failed()) return said(reading);
  std::string text;
  for (const net::Route& one : node(reading, "a").routes) {
    text.append(text.empty() ? "" : "; ").append(one.to.text());
    for (const net::NextHop& hop : one.next_hops) {
      if (hop.via) text.append(" via ").append(hop.via->text());
      if (!hop.device.empty()) text.append(" dev ").append(hop.device);
      if (hop.weight != 1) text.append(" weight ").append(std::to_string(hop.weight));
    }
  }
  return text;
}

TEST(Routes, GoByAddressOrNeighbourOrInterface) {
  EXPECT_EQ(routes("[{to: default, via: 10.0.0.2}]"), "0.0.0.0/0 via 10.0.0.2");
  EXPECT_EQ(routes("[{to: default, via: 'fd00::2'}]"), "::/0 via fd00::2");
  EXPECT_EQ(routes("[{to: default, via: c}]"), "0.0.0.0/0 via 10.0.0.6 dev up");
  EXPECT_EQ(routes("[{to: '::/0', via: c}]"), "::/0 via fd00:0:0:1::2 dev up");
  EXPECT_EQ(routes("[{to: 10.5.0.0/16, dev: up}]"), "10.5.0.0/16 dev up");
  EXPECT_EQ(routes("[{to: default, via: [{via: b, weight: 3}, c]}]"),
            "0.0.0.0/0 via 10.0.0.2 dev eth0 weight 3 via 10.0.0.6 dev up");
  EXPECT_EQ(routes("[{to: 'fd01::/64', via: 'fe80::1', dev: up}]"), "fd01::/64 via fe80::1 dev up");
  EXPECT_EQ(routes("[{to: 10.5.0.0/16, type: blackhole}]"), "10.5.0.0/16");
}

TEST(Routes, MistakesAreReported) {
  EXPECT_EQ(routes("[{to: 10.5.0.1/16, via: b}]"),
            "3:27 'to' must be a prefix or default, not '10.5.0.1/16'\n");
  EXPECT_EQ(routes("[{to: 8.8.8.8, via: b}]"), "3:27 'to' must be a prefix or default, not '8.8.8.8'\n");
  EXPECT_EQ(routes("[{to: default, via: 10.9.9.9}]"),
            "3:41 no interface of 'a' reaches the gateway 10.9.9.9\n");
  EXPECT_EQ(routes("[{to: default, via: 10.0.0.1}]"), "3:41 the gateway 10.0.0.1 is 'a' itself\n");
  EXPECT_EQ(routes("[{to: 'fd01::/64', via: 10.0.0.2}]"),
            "3:45 a gateway of the other address family: 10.0.0.2\n");
  EXPECT_EQ(routes("[{to: default, via: nobody}]"), "3:41 'nobody' is neither an address nor a node\n");
  EXPECT_EQ(routes("[{to: default, via: a}]"), "3:41 the gateway is 'a' itself\n");
  EXPECT_EQ(routes("[{to: default, via: 'fe80::1'}]"),
            "3:41 a gateway that is link-local needs 'dev': fe80::1\n");
  EXPECT_EQ(routes("[{to: default}]"), "3:22 a route without 'via' and without 'dev'\n");
  EXPECT_EQ(routes("[{via: b}]"), "3:22 a route without 'to'\n");
  EXPECT_EQ(routes("[{to: default, type: blackhole, via: b}]"),
            "3:22 a route with a 'type' goes nowhere: it has no 'via' and no 'dev'\n");
  EXPECT_EQ(routes("[{to: default, via: b, source: 10.9.9.9}]"),
            "3:52 'a' does not have the address 10.9.9.9\n");
  EXPECT_EQ(routes("[{to: default, dev: eth7}]"), "3:41 'a' has no interface 'eth7'\n");
  EXPECT_EQ(routes("[default]"), "3:22 a route must be a map, not 'default'\n");
}

TEST(Routes, AGatewayMayBeOnAnotherRoute) {
  EXPECT_EQ(routes("[{to: 10.9.9.9/32, dev: up}, {to: default, via: 10.9.9.9}]"),
            "10.9.9.9/32 dev up; 0.0.0.0/0 via 10.9.9.9");
}

TEST(Rules, HaveFamiliesAndTables) {
  const Reading reading = read_text(R"(
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  a:
    rules:
      - {from: 10.1.0.0/16, table: 100, priority: 5}
      - {mark: 0x10/0xf0, table: local, iif: eth0}
      - {to: 'fd00:9::/64', action: prohibit}
links: [a -- b]
)");
  EXPECT_EQ(said(reading), "");
  const auto& rules = node(reading, "a").rules;
  ASSERT_EQ(rules.size(), 4U);
  EXPECT_EQ(rules[0].table, 100U);
  EXPECT_EQ(rules[0].priority, 5U);
  EXPECT_EQ(rules[1].mark, 0x10U);
  EXPECT_EQ(rules[1].mark_mask, 0xF0U);
  EXPECT_EQ(rules[1].table, 255U);
  EXPECT_EQ(rules[1].in_interface, "eth0");
  EXPECT_EQ(rules[1].family, Family::V4);
  EXPECT_EQ(rules[2].family, Family::V6);
  EXPECT_EQ(rules[3].family, Family::V6);
  EXPECT_EQ(rules[3].action, net::Rule::Action::Prohibit);
}

TEST(Nat, NamesInterfacesOrNetworks) {
  const Reading reading =
      read_text("networks: {wan: }\nnodes: {r: {nat: {out: [wan, eth0]}}}\nlinks: [r -- h, r -- wan]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(node(reading, "r").nat_out, (std::vector<std::string>{"eth1", "eth0"}));
  EXPECT_EQ(
      said(read_text("networks: {wan: }\nnodes: {r: {nat: {out: wan}}}\nlinks: [r -- wan, r -- wan]\n")),
      "2:24 'r' is attached to 'wan' by eth0 and eth1\n");
  EXPECT_EQ(said(read_text("networks: {wan: }\nnodes: {r: {nat: {out: wan}}}\nlinks: [r -- h]\n")),
            "2:24 'r' is not attached to 'wan'\n");
}

}  // namespace
}  // namespace hopyard::language::test
