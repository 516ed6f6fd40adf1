#include <gtest/gtest.h>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

TEST(Dynamic, EveryKey) {
  const Reading reading =
      read_files({{"lab.yaml",
                   "nodes:\n"
                   "  r[1..2]:\n"
                   "    kind: router\n"
                   "    routing: [static, ospf, rip, bgp]\n"
                   "    daemon: bird\n"
                   "    as: 100 + i\n"
                   "    realistic: true\n"
                   "    bgp: {announce: ['10.{i}.0.0/16', '::/0'], router-id: '1.1.1.{i}', reflector: true}\n"
                   "    ospf: {area: '0.0.1.{i}', passive: eth0}\n"
                   "    rip: {passive: [eth0]}\n"
                   "    frr: {config: hello}\n"
                   "    bird: {config: {file: own.conf}}\n"
                   "links: [r1 -- r2]\n"},
                  {"own.conf", "router id 1.2.3.4;\n"}});
  EXPECT_EQ(said(reading), "");
  const lab::Node& one = node(reading, "r2");
  EXPECT_EQ(one.routing, lab::Routing::Static);
  EXPECT_TRUE(one.dynamic.bgp.runs && one.dynamic.ospf.runs && one.dynamic.realistic);
  EXPECT_EQ(one.dynamic.daemon, lab::Daemon::Bird);
  EXPECT_EQ(one.dynamic.bgp.as, 102U);
  ASSERT_EQ(one.dynamic.bgp.announce.size(), 2U);
  EXPECT_EQ(one.dynamic.bgp.announce[0].text(), "10.2.0.0/16");
  EXPECT_EQ(one.dynamic.bgp.router.value_or(IpAddress()).text(), "1.1.1.2");
  EXPECT_TRUE(one.dynamic.bgp.reflector);
  EXPECT_EQ(one.dynamic.ospf.area, 258U);
  EXPECT_EQ(one.dynamic.ospf.passive, std::vector<std::string>{"eth0"});
  EXPECT_TRUE(one.dynamic.rip.runs);
  EXPECT_EQ(one.dynamic.rip.passive, std::vector<std::string>{"eth0"});
  ASSERT_TRUE(one.dynamic.config());
  EXPECT_EQ(one.dynamic.config()->text, "router id 1.2.3.4;\n");
  EXPECT_EQ(one.dynamic.config()->file, "own.conf");
}

TEST(Dynamic, TheNearestWinsKeyByKey) {
  const Reading reading = read_text(
      "kinds: {router: {routing: bgp, daemon: bird, as: 65000, bgp: {announce: 10.0.0.0/8, reflector: "
      "true}}}\n"
      "nodes:\n"
      "  a: {kind: router, routing: ospf, bgp: {announce: []}}\n"
      "  b: {kind: router, routing: none}\n"
      "  c: {kind: router}\n"
      "links: [a -- b, b -- c]\n");
  EXPECT_EQ(said(reading), "");
  const lab::Dynamic& a = node(reading, "a").dynamic;
  EXPECT_TRUE(a.ospf.runs && !a.bgp.runs && a.bgp.announce.empty() && a.bgp.reflector);
  EXPECT_FALSE(node(reading, "b").dynamic.runs());
  EXPECT_EQ(node(reading, "b").routing, lab::Routing::None);
  const lab::Dynamic& c = node(reading, "c").dynamic;
  EXPECT_TRUE(c.bgp.runs && c.daemon == lab::Daemon::Bird && c.bgp.announce.size() == 1);
  EXPECT_EQ(node(reading, "c").routing, lab::Routing::None);
}

TEST(Dynamic, IsisTimersAndBfd) {
  const Reading reading = read_text(
      "nodes:\n"
      "  a:\n"
      "    kind: router\n"
      "    routing: [isis, bgp, ospf]\n"
      "    as: 1\n"
      "    isis: {area: 49.00af, level: 1, passive: [eth0], bfd: true}\n"
      "    bgp: {bfd: true, timers: {keepalive: 20s, hold: 1m, connect-retry: 5s}}\n"
      "    ospf: {bfd: true, timers: {hello: 5s, dead: 19h}}\n"
      "links: [a -- b]\n");
  EXPECT_EQ(said(reading), "8:49 'dead' must be whole seconds, 2s to 65535s, not '19h'\n");
  const lab::Dynamic& a = node(reading, "a").dynamic;
  EXPECT_TRUE(a.isis.runs && a.isis.level == lab::Isis::Level::One && a.isis.area == "49.00af");
  EXPECT_EQ(a.isis.passive, std::vector<std::string>{"eth0"});
  EXPECT_TRUE(a.bgp.bfd && a.ospf.bfd && a.isis.bfd && !a.bgp.unnumbered);
  EXPECT_EQ(a.bgp.keepalive, 20U);
  EXPECT_EQ(a.bgp.hold, 60U);
  EXPECT_EQ(a.bgp.connect_retry, 5U);
  EXPECT_EQ(a.ospf.hello, 5U);
}

TEST(Dynamic, AreasOfInterfaces) {
  const Reading reading = read_text(
      "networks: {lan: }\n"
      "kinds: {core: {kind: router, routing: ospf, ospf: {interfaces: {eth0: {area: 3, cost: 4}}}}}\n"
      "nodes: {a: {kind: core, ospf: {interfaces: {eth0: {area: 0.0.1.0}, lan: {cost: 5}}}}}\n"
      "links: [a -- b, a -- lan]\n");
  EXPECT_EQ(said(reading), "");
  const auto& given = node(reading, "a").dynamic.ospf.interfaces;
  ASSERT_EQ(given.size(), 2U);
  EXPECT_EQ(given[0].name, "eth0");
  EXPECT_EQ(given[0].area, std::optional(256U));
  EXPECT_EQ(given[0].cost, 4U);
  EXPECT_EQ(given[1].name, "eth1");
  EXPECT_EQ(given[1].area, std::nullopt);
  EXPECT_EQ(given[1].cost, 5U);
}

TEST(Dynamic, UnnumberedLinksGetNoAddresses) {
  const Reading reading = read_text(
      "pool: [10.0.0.0/8, 'fd00::/48']\n"
      "nodes:\n"
      "  a: {kind: router, routing: bgp, as: 1, bgp: {unnumbered: true}}\n"
      "  b: {kind: router, routing: bgp, as: 2, bgp: {unnumbered: true}}\n"
      "  c: {kind: router, routing: bgp, as: 3}\n"
      "links: [a -- b, b -- c, {a -- b: {subnet: 192.0.2.0/30}}, a -- h]\n");
  EXPECT_EQ(said(reading), "");
  const lab::Node& b = node(reading, "b");
  EXPECT_TRUE(b.interfaces[0].addresses.empty());
  EXPECT_EQ(b.interfaces[1].addresses.size(), 2U);
  EXPECT_FALSE(b.interfaces[2].addresses.empty());
  EXPECT_EQ(node(reading, "h").interfaces[0].addresses.size(), 2U);
}

TEST(Dynamic, WhoBringsAConfigurationNeedsNoAs) {
  const char* text =
      "nodes:\n"
      "  a: {kind: router, routing: bgp, frr: {config: x}}\n"
      "  b: {kind: router, routing: bgp, files: {/etc/frr/frr.conf: x}}\n"
      "  c: {kind: router, routing: bgp, bird: {config: x}}\n"
      "links: [a -- b, b -- c]\n";
  EXPECT_EQ(said(read_text(text)),
            "4:30 'c' speaks BGP and has no 'as'\n4:50 'c' runs FRR, which does not read this\n");
}

TEST(Dynamic, OwnFilesOfBgpNeedNoAs) {
  const std::string begin = "nodes: {a: {kind: router, routing: [ospf, bgp], files: {";
  const std::string end = ": x}}}\nlinks: [a -- b]\n";
  EXPECT_EQ(said(read_text(begin + "/etc/frr/bgpd.conf" + end)), "");
  EXPECT_EQ(said(read_text(begin + "/etc/frr/frr.conf" + end)), "");
  for (const char* other : {"/etc/frr/ospfd.conf", "/etc/bird/bird.conf"})
    EXPECT_EQ(said(read_text(begin + other + end)), "1:36 'a' speaks BGP and has no 'as'\n");
}

}  // namespace
}  // namespace hopyard::language::test
