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

TEST(Dynamic, WhoBringsAConfigurationNeedsNoAs) {
  const char* text =
      "nodes:\n"
      "  a: {kind: router, routing: bgp, frr: {config: x}}\n"
      "  b: {kind: router, routing: bgp, files: {/etc/frr/frr.conf: x}}\n"
      "  c: {kind: router, routing: bgp, bird: {config: x}}\n"
      "links: [a -- b, b -- c]\n";
  EXPECT_EQ(said(read_text(text)), "4:30 'c' speaks BGP and has no 'as'\n");
}

}  // namespace
}  // namespace hopyard::language::test
