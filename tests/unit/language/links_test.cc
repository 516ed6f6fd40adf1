#include <gtest/gtest.h>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

using namespace std::chrono_literals;

TEST(Links, MakeNodesAndInterfacesInTheirOrder) {
  const Reading reading = read_text("nodes: {c: }\nlinks:\n  - a -- b\n  - b -- c\n  - a -- c\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(links(reading), "a:eth0 -- b:eth0, b:eth1 -- c:eth0, a:eth1 -- c:eth1");
  EXPECT_EQ(reading.lab.nodes.at(0).name, "c");
  EXPECT_EQ(reading.lab.nodes.at(1).name, "a");
}

TEST(Links, MadeNamesGoAroundGivenOnes) {
  const Reading reading = read_text("links: [a -- b, 'a:eth0 -- b', 'a -- b:wan0', 'a:eth2 -- b', a -- b]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(links(reading),
            "a:eth1 -- b:eth0, a:eth0 -- b:eth1, a:eth3 -- b:wan0, a:eth2 -- b:eth2, a:eth4 -- b:eth3");
}

TEST(Links, RangesGoSideBySideOrOneToMany) {
  EXPECT_EQ(links(read_text("links: ['a[1..2] -- b[3..4]']\n")), "a1:eth0 -- b3:eth0, a2:eth0 -- b4:eth0");
  EXPECT_EQ(links(read_text("links: ['sw -- h[1..2]']\n")), "sw:eth0 -- h1:eth0, sw:eth1 -- h2:eth0");
  EXPECT_EQ(links(read_text("links: ['r[1..2] -- r{i+1}']\n")), "r1:eth0 -- r2:eth0, r2:eth1 -- r3:eth0");
  EXPECT_EQ(links(read_text("links: ['h[1..2]:up -- sw:p{i}']\n")), "h1:up -- sw:p1, h2:up -- sw:p2");
  const Reading uneven = read_text("links: ['a[1..2] -- b[1..3]']\n");
  EXPECT_EQ(said(uneven), "1:9 2 ends on the left, 3 on the right\n");
  EXPECT_NE(uneven.diagnostics.all().front().help.find("mesh: ['a[1..2]', 'b[1..3]']"), std::string::npos);
}

TEST(Links, LettersAreOfTheLeftThenOfTheRightEnd) {
  const Reading reading =
      read_text("links:\n  - a[1..2] -- b[5..6]: {cost: 10 * i + j}\n  - x -- y[8..9]: {cost: i}\n");
  EXPECT_EQ(said(reading), "");
  std::vector<std::uint32_t> costs;
  for (const lab::Link& one : reading.lab.links) costs.push_back(one.cost);
  EXPECT_EQ(costs, (std::vector<std::uint32_t>{15, 26, 8, 9}));
}

TEST(Links, HaveAShortAndALongForm) {
  const Reading reading = read_text(R"(
links:
  - a -- b: {delay: 5ms, cost: 7, mtu: 9000, labels: {colour: red}}
  - a -- b:
      delay: 5ms
  - ends: ['a:x', b]
    delay: 5ms
    type: veth
  - {ends: [a, b], delay: 5ms}
)");
  EXPECT_EQ(said(reading), "");
  ASSERT_EQ(reading.lab.links.size(), 4U);
  for (const lab::Link& one : reading.lab.links) EXPECT_EQ(one.out.delay, 5ms);
  EXPECT_EQ(reading.lab.links[0].cost, 7U);
  EXPECT_EQ(node(reading, "a").interfaces.at(0).mtu, 9000U);
  EXPECT_EQ(reading.lab.links[0].labels, (lab::Labels{{"colour", "red"}}));
}

TEST(Links, ImpairmentsHoldInBothDirectionsUnlessOneIsNamed) {
  const Reading reading = read_text(R"(
defaults: {links: {delay: 1ms, back: {loss: 50%}}}
nodes: {b: {interfaces: {eth0: {rate: 1mbit}}}}
links:
  - a -- b: {delay: 20ms, jitter: 2ms, loss: 1%, out: {loss: 2%}, back: {delay: 40ms}}
  - c -- d
)");
  EXPECT_EQ(said(reading), "");
  const lab::Link& link = reading.lab.links.at(0);
  EXPECT_EQ(link.out.delay, 20ms);
  EXPECT_EQ(link.out.jitter, 2ms);
  EXPECT_DOUBLE_EQ(link.out.loss, 0.02);
  EXPECT_EQ(link.out.rate, 0U);
  EXPECT_EQ(link.back.delay, 40ms);
  EXPECT_DOUBLE_EQ(link.back.loss, 0.01);
  EXPECT_EQ(link.back.rate, 1'000'000U);
  EXPECT_EQ(reading.lab.links.at(1).out.delay, 1ms);
  EXPECT_EQ(reading.lab.links.at(1).out.loss, 0);
  EXPECT_DOUBLE_EQ(reading.lab.links.at(1).back.loss, 0.5);
}

TEST(Links, ImpairmentsAreChecked) {
  const auto one = [](const std::string& values) {
    return said(read_text("links:\n  - a -- b: {" + values + "}\n"));
  };
  EXPECT_EQ(one("jitter: 5ms"), "2:22 'jitter' without 'delay'\n");
  EXPECT_EQ(one("reorder: 5%"), "2:23 'reorder' without 'delay'\n");
  EXPECT_EQ(one("rate: 0mbit"), "2:20 'rate' must be a rate above 0, not '0mbit'\n");
  EXPECT_EQ(one("loss: 101%"), "2:20 'loss' must be a share from 0% to 100%, not '101%'\n");
  EXPECT_EQ(one("limit: 0"), "2:21 'limit' must be a whole number from 1 to 1000000000, not '0'\n");
  EXPECT_EQ(one("delay: 1ms, jitter: 1ms, reorder: 1%, corrupt: 1%, duplicate: 1%, limit: 10, seed: 7, rate: "
                "1gbit"),
            "");
}

TEST(Links, QuantitiesHaveOneSpelling) {
  const auto help = [](const std::string& values) {
    const Reading reading = read_text("links:\n  - a -- b: {" + values + "}\n");
    return reading.diagnostics.all().empty() ? "nothing" : reading.diagnostics.all().front().help;
  };
  EXPECT_EQ(help("delay: 20"), "write 20ms");
  EXPECT_EQ(help("delay: 20 ms"), "write 20ms");
  EXPECT_EQ(help("delay: 20msec"), "write 20ms");
  EXPECT_EQ(help("rate: 50"), "write 50mbit");
  EXPECT_EQ(help("rate: 50Mbit"), "write 50mbit");
  EXPECT_EQ(help("rate: 50Mbps"), "write 50mbit");
  EXPECT_EQ(help("loss: 1"), "write 1%");
}

TEST(Links, MistakesAreReported) {
  const auto one = [](const std::string& entry) {
    return said(read_text("networks: {lan: , dmz: }\nlinks:\n  - " + entry + "\n"));
  };
  EXPECT_EQ(one("a--b"), "3:5 'a--b' is not a link\n");
  EXPECT_EQ(one("a -- b -- c"), "3:5 a link has two ends\n");
  EXPECT_EQ(one("lan -- dmz"), "3:5 'lan' and 'dmz' are both networks\n");
  EXPECT_EQ(one("a -- lan:eth0"), "3:10 network 'lan' has no interfaces\n");
  EXPECT_EQ(one("a -- a"), "3:5 'a' is linked to itself\n");
  EXPECT_EQ(one("a -- 'b'c"), "3:10 ''b'c' cannot be the name of a node\n");
  EXPECT_EQ(one("a:sixteen-letters- -- b"), "3:7 'sixteen-letters-' cannot be the name of an interface\n");
  EXPECT_EQ(one("{ends: [a]}"), "3:12 'ends' takes a list of two\n");
  EXPECT_EQ(one("{cost: 1}"), "3:5 an entry of 'links' without ends\n");
  EXPECT_EQ(one("{chain: 'r[1..2]', ring: 'r[1..3]'}"),
            "3:24 an entry of 'links' is one link or one shape\n");
  EXPECT_EQ(one("{a -- b: {}, b -- c: {}}"), "3:5 more than one key beside a link\n");
  EXPECT_EQ(one("a -- b: 5ms"), "3:13 what a link has must be a map, not '5ms'\n");
  EXPECT_EQ(one("a -- b: {type: vlan}"), "3:20 'vlan' is no link between two nodes\n");
  EXPECT_EQ(one("a -- b: {id: 3}"), "3:18 'id' is for a link of a type\n");
  EXPECT_EQ(one("a -- b: {type: vthe}"), "3:20 'type' cannot be 'vthe'\n");
}

TEST(Links, AnInterfaceIsUsedOnce) {
  const Reading reading = read_text("links:\n  - a:x -- b\n  - a:x -- c\n");
  EXPECT_EQ(said(reading), "3:7 interface 'a:x' is used twice\n");
  EXPECT_EQ(reading.diagnostics.all().front().help, "the first is at lab.yaml:2:7");
}

TEST(Links, AreCountedBeforeTheyAreMade) {
  EXPECT_EQ(said(read_text("links: [{mesh: 'n[1..2000]'}]\n")), "1:16 the lab has more than 1000000 links\n");
}

TEST(Links, TunnelsGoOverAddressesOfTheirFamily) {
  const auto one = [](const std::string& values) {
    return read_text("links:\n  - a -- b: {subnet: [10.0.0.0/30, 'fd00::/64']}\n  - a:t -- b:t: {" + values +
                     "}\n");
  };
  const Reading gre = one("type: gre, over: ['fd00::1', 'fd00::2']");
  EXPECT_EQ(said(gre), "3:36 the outer addresses of gre are IPv4, not fd00::1\n");
  EXPECT_EQ(gre.diagnostics.all().front().help, "type: ip6gre");
  const Reading tnl = one("type: ip6tnl, over: [eth0, 10.0.0.2]");
  EXPECT_EQ(said(tnl), "3:45 the outer addresses of ip6tnl are IPv6, not 10.0.0.2\n");
  EXPECT_EQ(tnl.diagnostics.all().front().help, "type: ipip, or sit for IPv6 within");
  EXPECT_EQ(said(one("type: gre, over: [10.0.0.1, 10.0.0.2]")), "");
  const Reading mixed = one("type: vxlan, over: [eth0, 'fd00::2']");
  EXPECT_EQ(said(mixed), "");
  EXPECT_EQ(node(mixed, "a").interfaces.at(1).settings->local->text(), "fd00::1");
}

TEST(Links, TunnelsOfEitherFamilyTakeTheOneThatThereIs) {
  const auto one = [](const std::string& type) {
    return read_text("links:\n  - a -- b: {subnet: 'fd00::/64'}\n  - a:t -- b:t: {over: eth0, type: " + type +
                     "}\n");
  };
  for (const char* type : {"vxlan", "geneve", "wireguard", "macsec"}) EXPECT_EQ(said(one(type)), "") << type;
  EXPECT_EQ(node(one("vxlan"), "a").interfaces.at(1).settings->local->text(), "fd00::1");
  EXPECT_EQ(said(one("gre")), "3:24 'a:eth0' has no IPv4 address for the outer packets\n");
  EXPECT_EQ(said(read_text("links:\n  - a -- b\n  - a:t -- b:t: {type: vxlan, over: lo}\n")),
            "3:37 'a:lo' has no IPv4 or IPv6 address for the outer packets\n");
}

TEST(Links, TunnelsFitBondsAndTeams) {
  for (const std::string type : {"bond", "team"}) {
    const std::string bond = "{interfaces: {m0: {type: " + type + ", of: [eth0, eth1], addresses: ";
    const Reading reading = read_text("nodes:\n  a: " + bond + "10.0.0.1/24}}}\n  b: " + bond +
                                      "10.0.0.2/24}}}\nlinks:\n  - a -- b: {mtu: 1400}\n  - a -- b: {mtu: "
                                      "1400}\n  - a:g -- b:g: {type: gre}\n");
    EXPECT_EQ(said(reading), "");
    for (const lab::Interface& one : node(reading, "a").interfaces)
      EXPECT_EQ(one.mtu, one.name == "g" ? 1376U : 1400U) << one.name;
  }
}

TEST(Links, BondsOfTunnelsFitThem) {
  const Reading reading = read_text(R"(
nodes:
  a: {interfaces: {m0: {type: bond, of: [g0, g1]}}}
  b: {interfaces: {m0: {type: bond, of: [g0, g1]}}}
links:
  - a -- b
  - a:g[0..1] -- b:g{i}: {type: gretap, key: i + 1}
)");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(node(reading, "a").interfaces.back().name, "m0");
  EXPECT_EQ(node(reading, "a").interfaces.back().mtu, node(reading, "a").interfaces.at(1).mtu);
  EXPECT_EQ(node(reading, "a").interfaces.back().mtu, 1458U);
}

TEST(Links, MadeNetworkIdentifiersAreNobodysElse) {
  const Reading reading = read_text(R"(
nodes: {a: {interfaces: {own: {type: geneve, id: 3, remote: 10.0.0.2}}}}
links:
  - a -- b: {subnet: 10.0.0.0/30}
  - a:v0 -- b:v0: {type: vxlan}
  - a:v1 -- b:v1: {type: vxlan}
  - a:v2 -- b:v2: {type: vxlan, id: 2}
  - a:v3 -- b:v3: {type: geneve}
)");
  EXPECT_EQ(said(reading), "");
  std::map<std::string, std::uint32_t> ids;
  for (const lab::Interface& one : node(reading, "b").interfaces)
    if (one.settings) ids[one.name] = one.settings->id;
  EXPECT_EQ(ids, (std::map<std::string, std::uint32_t>{{"v0", 4}, {"v1", 5}, {"v2", 2}, {"v3", 6}}));
}

TEST(Links, RoutersOnAStickShareTheVlansOfTheSwitch) {
  const Reading reading = read_text(R"(
nodes:
  gw:
    kind: router
    interfaces: {eth0.10: {type: vlan, on: eth0, id: 10}, eth0.20: {type: vlan, on: eth0, id: 20}}
    addresses: {eth0.10: [10.1.0.1/24, 'fd01::1/64'], eth0.20: 10.2.0.1/24}
  sw: {kind: switch, interfaces: {eth0: {vlans: [10, 20]}, eth1: {vlan: 10}, eth2: {vlan: 20}}}
links: ['gw -- sw:eth0', 'pc1 -- sw:eth1', 'pc2 -- sw:eth2']
)");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "pc1")), "eth0=10.1.0.2/24 eth0=fd01::2/64");
  EXPECT_EQ(addresses(node(reading, "pc2")), "eth0=10.2.0.2/24");
}

TEST(Links, VlanNumbersThatThereAreNotAreReportedOnly) {
  EXPECT_EQ(
      said(read_text("nodes: {a: {interfaces: {v: {type: vlan, on: eth0, id: 65546}}}}\nlinks: [a -- b]\n")),
      "1:36 a VLAN has a number from 1 to 4094, not 65546\n");
}

}  // namespace
}  // namespace hopyard::language::test
