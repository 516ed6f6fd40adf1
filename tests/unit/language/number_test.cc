#include <gtest/gtest.h>

#include <set>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

TEST(Numbering, WiresGetAThirtyNetworksATwentyFour) {
  const Reading reading = read_text("networks: {lan: }\nlinks: [a -- b, b -- c, a -- lan, b -- lan]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "a")), "eth0=10.0.0.1/30 eth1=10.0.1.1/24");
  EXPECT_EQ(addresses(node(reading, "b")), "eth0=10.0.0.2/30 eth1=10.0.0.5/30 eth2=10.0.1.2/24");
  EXPECT_EQ(reading.lab.networks.at(0).prefixes.at(0).text(), "10.0.1.0/24");
}

TEST(Numbering, IsTheSameEachTimeAndKeepsWhatWasThere) {
  const std::string text = "links:\n  - chain: r[1..20]\n  - h[1..5] -- sw\nnodes: {sw: {kind: switch}}\n";
  const Reading one = read_text(text);
  const Reading two = read_text(text);
  const Reading longer = read_text(
      "links:\n  - chain: r[1..20]\n  - h[1..5] -- sw\n  - r1 -- h9\nnodes: {sw: {kind: switch}}\n");
  std::set<std::string> macs;
  for (const lab::Node& each : one.lab.nodes) {
    EXPECT_EQ(addresses(each), addresses(node(two, each.name)));
    EXPECT_EQ(addresses(node(longer, each.name)).substr(0, addresses(each).size()), addresses(each));
    for (std::size_t i = 0; i < each.interfaces.size(); ++i) {
      EXPECT_EQ(each.interfaces[i].mac, node(two, each.name).interfaces[i].mac);
      EXPECT_TRUE(macs.insert(each.interfaces[i].mac.text()).second);
    }
  }
}

TEST(Numbering, PoolsMayBeNoneOrBoth) {
  EXPECT_EQ(addresses(node(read_text("pool: []\nlinks: [a -- b]\n"), "a")), "");
  EXPECT_EQ(addresses(node(read_text("pool: [192.168.0.0/16, fd00:1::/48]\nlinks: [a -- b, b -- c]\n"), "b")),
            "eth0=192.168.0.2/30 eth0=fd00:1::2/64 eth1=192.168.0.5/30 eth1=fd00:1:0:1::1/64");
  EXPECT_EQ(addresses(node(read_text("pool: fd00::/64\nlinks: [a -- b]\n"), "b")), "eth0=fd00::2/64");
}

TEST(Numbering, APrefixThatIsWrittenKeepsTheDefaultPoolOut) {
  EXPECT_EQ(addresses(node(read_text("networks: {lan: 'fd00::/64'}\nlinks: [a -- lan, b -- lan]\n"), "b")),
            "eth0=fd00::2/64");
  EXPECT_EQ(
      addresses(node(
          read_text("pool: 10.0.0.0/8\nnetworks: {lan: 'fd00::/64'}\nlinks: [a -- lan, b -- lan]\n"), "b")),
      "eth0=10.0.0.2/24 eth0=fd00::2/64");
}

TEST(Numbering, GoesAroundWhatIsGiven) {
  const Reading reading = read_text(R"(
networks: {lan: 10.0.0.0/29}
nodes:
  h2: {addresses: {lan: 10.0.0.1/29, lo: 10.0.0.9/32}}
links:
  - h[1..3] -- lan
  - h1 -- h3
)");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "h1")), "eth0=10.0.0.2/29 eth1=10.0.0.13/30");
  EXPECT_EQ(addresses(node(reading, "h3")), "eth0=10.0.0.3/29 eth1=10.0.0.14/30");
}

TEST(Numbering, AGivenAddressTellsThePrefix) {
  const Reading reading = read_text("nodes: {b: {addresses: {eth0: 192.168.7.9/24}}}\nlinks: [a -- b]\n");
  EXPECT_EQ(addresses(node(reading, "a")), "eth0=192.168.7.1/24");
}

TEST(Numbering, OneInterfaceMayHaveSeveralPrefixes) {
  const Reading reading = read_text(
      "nodes: {a: {addresses: {eth0: [10.1.0.1/24, 10.2.0.1/24]}}, b: {addresses: {eth0: "
      "10.2.0.2/24}}}\nlinks: [a -- b]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "b")), "eth0=10.2.0.2/24");
}

TEST(Numbering, ShorthandsEndAKnownPrefix) {
  const Reading reading = read_text(R"(
networks:
  lan: [192.168.10.0/24, 'fd00:5::/64']
  wide: 10.1.0.0/16
nodes:
  a: {addresses: {lan: [.20, '::20'], wide: .7.9/16}}
  b: {addresses: {lan: [.21/24, 'fd00:5::beef'], wide: 10.1.3.4}}
links: [a -- lan, b -- lan, a -- wide, b -- wide]
)");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "a")), "eth0=192.168.10.20/24 eth0=fd00:5::20/64 eth1=10.1.7.9/16");
  EXPECT_EQ(addresses(node(reading, "b")), "eth0=192.168.10.21/24 eth0=fd00:5::beef/64 eth1=10.1.3.4/16");
}

TEST(Numbering, AnEmptyListIsNoAddress) {
  const Reading reading = read_text("nodes: {a: {addresses: {eth0: []}}}\nlinks: [a -- b]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "a")), "");
  EXPECT_EQ(addresses(node(reading, "b")), "eth0=10.0.0.1/30");
}

TEST(Numbering, HostPrefixesStandForThemselves) {
  const Reading reading = read_text(
      "nodes: {a: {addresses: {eth0: 10.9.9.1/32}}, b: {addresses: {eth0: 10.9.9.2/32}}}\nlinks: [a -- b]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "a")), "eth0=10.9.9.1/32");
}

TEST(Numbering, TwoNetworksMayUseTheSamePrefix) {
  const Reading reading = read_text(
      "networks: {red: 10.0.0.0/24, blue: 10.0.0.0/24}\nlinks: [a -- red, b -- red, c -- blue, d -- blue]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "d")), "eth0=10.0.0.2/24");
}

TEST(Numbering, ALargeNetworkGetsALargerPrefix) {
  EXPECT_EQ(addresses(node(read_text("networks: {lan: }\nlinks: ['h[1..300] -- lan']\n"), "h300")),
            "eth0=10.0.1.44/23");
}

TEST(Numbering, MistakesAreReported) {
  const auto nodes = [](const std::string& text) {
    return said(
        read_text("networks: {lan: 192.168.10.0/24}\nlinks: [a -- lan, b -- lan]\nnodes: " + text + "\n"));
  };
  EXPECT_EQ(nodes("{a: {addresses: {lan: 192.168.11.7/24}}}"),
            "3:30 192.168.11.7/24 is outside 192.168.10.0/24, the prefix of network 'lan'\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: .7/25}}}"),
            "3:30 '.7/25' has the length 25, but the prefix of network 'lan' is 192.168.10.0/24\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: .7/32}}}"),
            "3:30 '.7/32' has the length 32, but the prefix of network 'lan' is 192.168.10.0/24\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: 192.168.10.7/32}}}"),
            "3:30 '192.168.10.7/32' has the length 32, but the prefix of network 'lan' is 192.168.10.0/24\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: .0}}}"),
            "3:30 192.168.10.0 is the address of the network 192.168.10.0/24 itself\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: .255}}}"),
            "3:30 192.168.10.255 is the broadcast address of 192.168.10.0/24\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: '::7'}}}"),
            "3:30 '::7' needs a known IPv6 prefix, and network 'lan' has none\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: 224.0.0.1/24}}}"),
            "3:30 '224.0.0.1/24' cannot be the address of an interface\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: 10.0.0.300/24}}}"), "3:30 '10.0.0.300/24' is not an address\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: .5}}, b: {addresses: {eth0: .5}}}"),
            "3:58 192.168.10.5 is the address of 'a:eth0' already\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: .5, eth0: .6}}}"),
            "3:34 the addresses of 'a:eth0' are given twice\n");
  EXPECT_EQ(nodes("{a: {addresses: {lo: .5}}}"), "3:29 '.5' needs a known prefix, and lo has none\n");
  EXPECT_EQ(nodes("{a: {addresses: {lan: .5, lo: 192.168.10.5}}}"),
            "3:9 'a' has the address 192.168.10.5 twice\n");
  EXPECT_EQ(nodes("{a: {addresses: {eth1: .5}}}"), "3:25 'a' has no interface 'eth1'\n");
}

TEST(Numbering, PrefixesOfOneSegmentAgree) {
  EXPECT_EQ(said(read_text("nodes: {s: {kind: switch}}\nlinks:\n  - a -- s: {subnet: 10.0.0.0/24}\n  - b -- "
                           "s: {subnet: 10.0.1.0/24}\n")),
            "4:22 the link has the prefix 10.0.1.0/24, but what it is joined with has 10.0.0.0/24\n");
}

TEST(Numbering, PrefixesAndPoolsRunOut) {
  EXPECT_EQ(said(read_text("networks: {lan: 10.0.0.0/29}\nlinks: ['h[1..7] -- lan']\n")),
            "2:9 10.0.0.0/29 of network 'lan' has no address left for 'h7:eth0'\n");
  EXPECT_EQ(said(read_text("pool: 10.0.0.0/29\nlinks: [chain: 'h[1..4]']\n")),
            "1:7 the pool 10.0.0.0/29 has no room for a /30 for 'h3:eth1 -- h4:eth0'\n");
}

TEST(Checks, NeedTheWholeLab) {
  EXPECT_EQ(said(read_text("nodes: {s: {kind: hub, addresses: {eth0: 10.0.0.1/24}}}\nlinks: [a -- s]\n")),
            "1:35 's' is a hub and has no addresses or routes\n");
  EXPECT_EQ(said(read_text("networks: {lan: }\npool: 10.0.0.0/8\nlinks: ['h[1..1024] -- lan']\n")),
            "1:12 1024 interfaces are attached to 'lan'; a bridge of Linux has 1023 ports\n");
  EXPECT_EQ(said(read_text("nodes: {a: {interfaces: {eth0: {mac: '02:00:00:00:00:01'}}}, b: {interfaces: "
                           "{eth0: {mac: '02:00:00:00:00:01'}}}}\nlinks: [a -- b]\n")),
            "1:91 02:00:00:00:00:01 is the MAC of 'a:eth0' already\n");
  EXPECT_EQ(said(read_text("pool: fd00::/48\nlinks:\n  - a -- b: {mtu: 1000}\n")),
            "3:5 'a:eth0' has the address fd00::1/64 and an MTU of 1000\n");
}

}  // namespace
}  // namespace hopyard::language::test
