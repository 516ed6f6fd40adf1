#include "lower/routing/static_routes.hh"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/lower/labs.hh"

namespace hopyard::lower::routing {
namespace {

using test::Builder;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> table(const lab::Lab& lab, std::uint32_t node) {
  return test::texts(test::static_routes(lab)[node]);
}

/// r0 -- r1 -- r2 -- r3, the wires being 10.0.0.0/30, .4/30, .8/30.
Builder four_in_a_row() {
  Builder lab;
  for (const char* name : {"r0", "r1", "r2", "r3"}) lab.router(name);
  lab.link(0, "10.0.0.1/30", 1, "10.0.0.2/30");
  lab.link(1, "10.0.0.5/30", 2, "10.0.0.6/30");
  lab.link(2, "10.0.0.9/30", 3, "10.0.0.10/30");
  return lab;
}

TEST(StaticRoutes, OfAChainAreADefaultTowardsTheExitAndTheRestAway) {
  Builder lab = four_in_a_row();
  EXPECT_THAT(table(lab.lab(), 0),
              ElementsAre("10.0.0.4/30 via 10.0.0.2 dev eth0", "10.0.0.8/30 via 10.0.0.2 dev eth0"));
  EXPECT_THAT(table(lab.lab(), 1),
              ElementsAre("default via 10.0.0.1 dev eth0", "10.0.0.8/30 via 10.0.0.6 dev eth1"));
  EXPECT_THAT(table(lab.lab(), 2), ElementsAre("default via 10.0.0.5 dev eth0"));
  EXPECT_THAT(table(lab.lab(), 3), ElementsAre("default via 10.0.0.9 dev eth0"));
}

TEST(StaticRoutes, OfALongChainAreAHandfulEach) {
  const auto routes = test::static_routes(test::chain(1000));
  for (const auto& one : routes) EXPECT_LE(one.size(), 10U);
  std::size_t all = 0;
  for (const auto& one : routes) all += one.size();
  EXPECT_EQ(all, 7197U);
}

TEST(StaticRoutes, AreTheSameOnEveryRun) {
  const lab::Lab lab = test::grid(20, true);
  EXPECT_EQ(test::static_routes(lab), test::static_routes(lab));
}

TEST(StaticRoutes, KeepAllPathsOfEqualCost) {
  Builder lab;
  for (const char* name : {"a", "b", "c", "d"}) lab.router(name);
  lab.link(0, "10.0.1.1/24", 1, "10.0.1.2/24");
  lab.link(0, "10.0.2.1/24", 2, "10.0.2.2/24");
  lab.link(1, "10.0.3.1/24", 3, "10.0.3.2/24");
  lab.link(2, "10.0.4.1/24", 3, "10.0.4.2/24");
  lab.loopback(3, "8.8.8.8/32");
  EXPECT_THAT(table(lab.lab(), 0),
              ElementsAre("8.8.8.8/32 via 10.0.1.2 dev eth0 + via 10.0.2.2 dev eth1",
                          "10.0.3.0/24 via 10.0.1.2 dev eth0", "10.0.4.0/24 via 10.0.2.2 dev eth1"));
  EXPECT_THAT(table(lab.lab(), 3),
              ElementsAre("default via 10.0.3.1 dev eth0 + via 10.0.4.1 dev eth1",
                          "10.0.1.0/24 via 10.0.3.1 dev eth0", "10.0.2.0/24 via 10.0.4.1 dev eth1"));
}

TEST(StaticRoutes, GoRoundACostlyLink) {
  Builder lab;
  for (const char* name : {"a", "b", "c"}) lab.router(name);
  lab.link(0, "10.0.1.1/24", 1, "10.0.1.2/24", 10);
  lab.link(1, "10.0.2.1/24", 2, "10.0.2.2/24");
  lab.link(2, "10.0.3.1/24", 0, "10.0.3.2/24");
  lab.loopback(1, "9.9.9.9/32");
  EXPECT_THAT(table(lab.lab(), 0),
              ElementsAre("9.9.9.9/32 via 10.0.3.1 dev eth1", "10.0.2.0/24 via 10.0.3.1 dev eth1"));
}

TEST(StaticRoutes, LeadToTheAddressOfAHostBeyondTheRouters) {
  Builder lab;
  lab.router("r0");
  lab.router("r1");
  lab.host("server");
  lab.link(0, "10.0.0.1/24 fd00:0::1/64", 1, "10.0.0.2/24 fd00:0::2/64");
  lab.link(1, "10.0.1.1/24 fd00:0:0:1::1/64", 2, "10.0.1.9/24 fd00:0:0:1::9/64");
  lab.loopback(2, "192.0.2.1/32 2001:db8::1/128");
  EXPECT_THAT(table(lab.lab(), 1),
              ElementsAre("default via 10.0.0.1 dev eth0", "192.0.2.1/32 via 10.0.1.9 dev eth1",
                          "default via fd00::1 dev eth0", "2001:db8::1/128 via fd00:0:0:1::9 dev eth1"));
  EXPECT_THAT(table(lab.lab(), 2),
              ElementsAre("default via 10.0.1.1 dev eth0", "default via fd00:0:0:1::1 dev eth0"));
}

TEST(StaticRoutes, UseNoRouterWithoutAnAddressOfTheFamily) {
  Builder lab;
  for (const char* name : {"r0", "r1", "r2"}) lab.router(name);
  lab.link(0, "10.0.0.1/30 fd00::1/64", 1, "10.0.0.2/30 fd00::2/64");
  lab.link(1, "10.0.0.5/30 fe80::1/64", 2, "10.0.0.6/30 fe80::2/64");
  lab.loopback(2, "2001:db8::1/128");
  EXPECT_THAT(table(lab.lab(), 0), ElementsAre("10.0.0.4/30 via 10.0.0.2 dev eth0"));
}

TEST(Exit, IsTheRouterThatThePersonGaveADefaultRouteOut) {
  Builder lab = four_in_a_row();
  const std::uint32_t internet = lab.host("internet");
  lab.link(3, "203.0.113.2/24", internet, "203.0.113.1/24");
  lab.route(3, "0.0.0.0/0 via 203.0.113.1 dev eth1");
  EXPECT_THAT(table(lab.lab(), 0), ElementsAre("default via 10.0.0.2 dev eth0"));
  EXPECT_THAT(table(lab.lab(), 3), ElementsAre("10.0.0.0/29 via 10.0.0.9 dev eth0"));
}

TEST(Exit, IsNotWhereADefaultRouteLeadsBackIn) {
  Builder lab = four_in_a_row();
  lab.route(2, "0.0.0.0/0 via 10.0.0.5 dev eth0");
  EXPECT_THAT(table(lab.lab(), 3), ElementsAre("default via 10.0.0.9 dev eth0"));
  EXPECT_THAT(table(lab.lab(), 1),
              ElementsAre("default via 10.0.0.1 dev eth0", "10.0.0.8/30 via 10.0.0.6 dev eth1"));
  EXPECT_THAT(table(lab.lab(), 2), IsEmpty());
}

TEST(Exit, IsTheNearestAndOfEquallyNearOnesTheFirst) {
  Builder lab = four_in_a_row();
  lab.route(0, "unreachable 0.0.0.0/0");
  lab.route(3, "unreachable 0.0.0.0/0");
  lab.router("between");
  lab.link(4, "10.0.0.13/30", 1, "10.0.0.14/30");
  lab.link(4, "10.0.0.17/30", 2, "10.0.0.18/30");
  const auto routes = test::static_routes(lab.lab());
  EXPECT_EQ(test::text(routes[1].front()), "default via 10.0.0.1 dev eth0");
  EXPECT_EQ(test::text(routes[2].front()), "default via 10.0.0.10 dev eth1");
  EXPECT_EQ(test::text(routes[4].front()), "default via 10.0.0.14 dev eth0");
}

TEST(Exit, KeepsUnknownAddressesThatARouteOfItsWouldHold) {
  // 172.31.0.0/24 is nobody's, and r0 is in 172.31.1.0/24 itself.
  Builder lab;
  for (int i = 0; i < 64; ++i) lab.router(fmt::format("r{}", i));
  for (std::uint32_t i = 0; i < 63; ++i)
    lab.link(i, fmt::format("172.31.{}.1/24", i + 1), i + 1, fmt::format("172.31.{}.2/24", i + 1));
  EXPECT_THAT(table(lab.lab(), 0),
              ElementsAre("172.31.0.0/18 via 172.31.1.2 dev eth0", "unreachable 172.31.0.0/24"));
}

TEST(GivenRoutes, AreNotOverruledByComputedOnesNorOverruleThem) {
  Builder lab = four_in_a_row();
  lab.loopback(3, "192.0.2.1/32");
  lab.loopback(0, "192.0.2.2/32");
  lab.route(1, "192.0.2.0/24 via 10.0.0.1 dev eth0");
  // 192.0.2.0/24 is held by no default route any more, so 192.0.2.1 needs its own and 192.0.2.2
  // none.
  EXPECT_THAT(table(lab.lab(), 1),
              ElementsAre("default via 10.0.0.1 dev eth0", "10.0.0.8/30 via 10.0.0.6 dev eth1",
                          "192.0.2.1/32 via 10.0.0.6 dev eth1"));
}

TEST(GivenRoutes, ByWhatTheLabDoesNotRouteTakeNothingFromTheKnownPrefixes) {
  Builder lab = four_in_a_row();
  lab.loopback(3, "192.0.2.1/32");
  const std::uint32_t sink = lab.host("sink");
  lab.link(1, "10.0.0.13/30", sink, "10.0.0.14/30");
  lab.route(1, "192.0.2.0/24 via 10.0.0.14 dev eth2");
  lab.route(1, "unreachable 10.0.0.0/29");
  EXPECT_THAT(table(lab.lab(), 1),
              ElementsAre("default via 10.0.0.1 dev eth0", "10.0.0.8/30 via 10.0.0.6 dev eth1",
                          "192.0.2.1/32 via 10.0.0.6 dev eth1"));
}

TEST(GivenRoutes, ForASpareWayGetAComputedRouteBeforeThem) {
  Builder lab = four_in_a_row();
  lab.route(2, "10.0.0.0/30 via 10.0.0.10 dev eth1 metric 500");
  EXPECT_THAT(table(lab.lab(), 2),
              ElementsAre("default via 10.0.0.5 dev eth0", "10.0.0.0/30 via 10.0.0.5 dev eth0"));
}

TEST(GivenRoutes, OfOtherTablesDoNotMatter) {
  Builder lab = four_in_a_row();
  lab.route(2, "0.0.0.0/0 via 10.0.0.10 dev eth1 table 100");
  EXPECT_THAT(table(lab.lab(), 2), ElementsAre("default via 10.0.0.5 dev eth0"));
}

TEST(HostRoutes, GoToTheRouterThatIsNearestToTheExit) {
  Builder lab;
  lab.router("exit");
  lab.router("far");
  lab.router("near");
  const std::uint32_t pc = lab.host("pc");
  const std::uint32_t lan = lab.network("lan");
  lab.link(0, "10.0.0.1/30", 2, "10.0.0.2/30");
  lab.attach(1, "10.1.0.1/24", lan);
  lab.attach(2, "10.1.0.2/24", lan);
  lab.attach(pc, "10.1.0.9/24", lan);
  EXPECT_THAT(table(lab.lab(), pc), ElementsAre("default via 10.1.0.2 dev eth0"));
}

TEST(HostRoutes, GoToTheLowestAddressOfEquallyNearRouters) {
  Builder lab;
  const std::uint32_t pc = lab.host("pc");
  const std::uint32_t lan = lab.network("lan");
  for (const char* address : {"10.1.0.3/24", "10.1.0.2/24"}) {
    const std::uint32_t router = lab.router(address);
    lab[router].routing = lab::Routing::None;
    lab.attach(router, address, lan);
  }
  lab.attach(pc, "10.1.0.9/24", lan);
  EXPECT_THAT(table(lab.lab(), pc), ElementsAre("default via 10.1.0.2 dev eth0"));
  EXPECT_THAT(table(lab.lab(), 1), IsEmpty());
}

TEST(HostRoutes, GoByTheFirstInterfaceThatHasARouter) {
  Builder lab;
  const std::uint32_t pc = lab.host("pc");
  const std::uint32_t friendly = lab.host("friend");
  const std::uint32_t one = lab.router("one");
  const std::uint32_t two = lab.router("two");
  lab.link(pc, "10.0.0.1/24", friendly, "10.0.0.2/24");
  lab.link(pc, "10.0.1.1/24", one, "10.0.1.2/24");
  lab.link(pc, "10.0.2.1/24", two, "10.0.2.2/24");
  EXPECT_THAT(table(lab.lab(), pc), ElementsAre("default via 10.0.1.2 dev eth1"));
  EXPECT_THAT(table(lab.lab(), friendly), IsEmpty());
}

TEST(HostRoutes, NeedARouterInTheirOwnSubnet) {
  Builder lab;
  const std::uint32_t pc = lab.host("pc");
  const std::uint32_t router = lab.router("router");
  lab.link(pc, "10.0.0.1/24 fe80::1/64", router, "10.0.1.1/24 fe80::2/64");
  EXPECT_THAT(table(lab.lab(), pc), IsEmpty());
}

TEST(HostRoutes, CrossSwitches) {
  Builder lab;
  const std::uint32_t pc = lab.host("pc");
  const std::uint32_t sw = lab.node("sw", lab::Kind::Switch);
  const std::uint32_t hub = lab.node("hub", lab::Kind::Hub);
  const std::uint32_t router = lab.router("router");
  lab.link(pc, "10.0.0.9/24", sw, "");
  lab.link(sw, "", hub, "");
  lab.link(hub, "", router, "10.0.0.1/24");
  EXPECT_THAT(table(lab.lab(), pc), ElementsAre("default via 10.0.0.1 dev eth0"));
}

}  // namespace
}  // namespace hopyard::lower::routing
