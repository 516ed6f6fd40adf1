#include <gmock/gmock.h>

#include "kernel/snapshot.hh"
#include "plan/plan.hh"
#include "tests/kernel/support.hh"

namespace hopyard::kernel_tests {
namespace {

using ::testing::HasSubstr;

class Routes : public KernelTest {
 protected:
  /// a -- b, twice, with an address of each family at every end.
  void SetUp() override {
    KernelTest::SetUp();
    a = draft.node("a");
    b = draft.node("b");
    for (const char* number : {"1", "2"}) {
      const std::string n = number;
      const auto [here, there] = draft.wire(a, "eth" + n, b, "eth" + n);
      draft.address(a, here, "10.0." + n + ".1/24");
      draft.address(b, there, "10.0." + n + ".2/24");
      draft.address(a, here, "fd00:" + n + "::1/64");
      draft.address(b, there, "fd00:" + n + "::2/64");
    }
  }
  /// `ip -j route show PREFIX`, its only member.
  [[nodiscard]] nlohmann::json route(const std::string& prefix, const std::string& family = "-4") const {
    const auto routes = json_in(netns(a), {"ip", "-j", family, "route", "show", "table", "all", prefix});
    EXPECT_EQ(routes.size(), 1U) << routes;
    return routes.empty() ? nlohmann::json() : routes[0];
  }

  Draft draft;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

TEST_F(Routes, AddressesAreThereAndGoodAtOnce) {
  draft.address(a, net::none, "8.8.8.8/32");
  build(draft);
  const auto eth1 = json_in(netns(a), {"ip", "-j", "addr", "show", "dev", "eth1"})[0]["addr_info"];
  EXPECT_EQ(eth1[0]["local"], "10.0.1.1");
  EXPECT_EQ(eth1[0]["prefixlen"], 24);
  EXPECT_EQ(eth1[0]["broadcast"], "10.0.1.255");
  EXPECT_EQ(eth1[1]["local"], "fd00:1::1");
  EXPECT_TRUE(eth1[1].value("nodad", false));
  EXPECT_FALSE(eth1[1].contains("tentative"));
  const auto lo = json_in(netns(a), {"ip", "-j", "-4", "addr", "show", "dev", "lo"})[0]["addr_info"];
  EXPECT_EQ(lo[1]["local"], "8.8.8.8");
}

TEST_F(Routes, ReachAcross) {
  build(draft, 2);
  EXPECT_EQ(run_in(netns(a), {"ping", "-c", "1", "-W", "5", "10.0.1.2"}).status, 0);
  EXPECT_EQ(run_in(netns(a), {"ping", "-c", "1", "-W", "5", "fd00:2::2"}).status, 0);
}

TEST_F(Routes, NeighboursAreKnownAndStay) {
  net::Device& eth1 = draft.device(a, 0);
  const Mac other = *Mac::parse("02:00:00:00:00:07");
  eth1.neighbours = {{*IpAddress::parse("10.0.1.2"), other}, {*IpAddress::parse("fd00:1::2"), other}};
  build(draft, 2);
  const auto known = json_in(netns(a), {"ip", "-j", "neigh", "show", "dev", "eth1", "nud", "permanent"});
  ASSERT_EQ(known.size(), 2U) << known;
  for (const auto& one : known) {
    EXPECT_THAT((std::vector<std::string>{"10.0.1.2", "fd00:1::2"}), testing::Contains(one["dst"]));
    EXPECT_EQ(one["lladdr"], "02:00:00:00:00:07");
  }
}

TEST_F(Routes, ByGatewayByDeviceAndByBoth) {
  draft.route(a, "192.0.2.0/24", "10.0.1.2");
  draft.route(a, "198.51.100.0/24", "", "eth2");
  draft.route(a, "203.0.113.0/24", "10.0.2.2", "eth2");
  draft.route(a, "2001:db8::/32", "fd00:2::2");
  draft.route(a, "0.0.0.0/0", "10.0.1.2");
  build(draft);
  EXPECT_EQ(route("192.0.2.0/24")["gateway"], "10.0.1.2");
  EXPECT_EQ(route("192.0.2.0/24")["dev"], "eth1");
  EXPECT_EQ(route("192.0.2.0/24")["protocol"], "static");
  EXPECT_EQ(route("198.51.100.0/24")["scope"], "link");
  EXPECT_EQ(route("203.0.113.0/24")["dev"], "eth2");
  EXPECT_EQ(route("2001:db8::/32", "-6")["gateway"], "fd00:2::2");
  EXPECT_EQ(route("default")["gateway"], "10.0.1.2");
}

TEST_F(Routes, ByAGatewayOfTheOtherFamily) {
  draft.route(a, "192.0.2.0/24", "fd00:1::2", "eth1");
  build(draft);
  EXPECT_EQ(route("192.0.2.0/24")["via"]["host"], "fd00:1::2");
}

TEST_F(Routes, MultipathOfBothFamilies) {
  net::Route four;
  four.to = *Prefix::parse("192.0.2.0/24");
  four.next_hops = {{IpAddress::parse("10.0.1.2"), "eth1", 1}, {IpAddress::parse("10.0.2.2"), "", 5}};
  net::Route six;
  six.to = *Prefix::parse("2001:db8::/32");
  six.next_hops = {{IpAddress::parse("fd00:1::2"), "eth1", 1}, {IpAddress::parse("fd00:2::2"), "eth2", 1}};
  draft[a].routes = {four, six};
  build(draft);
  const auto hops = route("192.0.2.0/24")["nexthops"];
  ASSERT_EQ(hops.size(), 2U);
  EXPECT_EQ(hops[0]["gateway"], "10.0.1.2");
  EXPECT_EQ(hops[1]["gateway"], "10.0.2.2");
  EXPECT_EQ(hops[1]["weight"], 5);
  EXPECT_EQ(route("2001:db8::/32", "-6")["nexthops"].size(), 2U);
}

TEST_F(Routes, TypesTablesMetricsAndSources) {
  net::Route blackhole;
  blackhole.to = *Prefix::parse("192.0.2.0/24");
  blackhole.type = net::Route::Type::Blackhole;
  net::Route prohibit = blackhole;
  prohibit.to = *Prefix::parse("2001:db8::/32");
  prohibit.type = net::Route::Type::Prohibit;
  net::Route elsewhere;
  elsewhere.to = *Prefix::parse("198.51.100.0/24");
  elsewhere.table = 1000;
  elsewhere.metric = 77;
  elsewhere.source = IpAddress::parse("10.0.2.1");
  elsewhere.next_hops = {{IpAddress::parse("10.0.1.2"), "", 1}};
  draft[a].routes = {blackhole, prohibit, elsewhere};
  build(draft);
  EXPECT_EQ(route("192.0.2.0/24")["type"], "blackhole");
  EXPECT_EQ(route("2001:db8::/32", "-6")["type"], "prohibit");
  const auto far = route("198.51.100.0/24");
  EXPECT_EQ(far["table"], "1000");
  EXPECT_EQ(far["metric"], 77);
  EXPECT_EQ(far["prefsrc"], "10.0.2.1");
}

TEST_F(Routes, RulesOfBothFamilies) {
  net::Rule rule;
  rule.from = Prefix::parse("10.0.1.0/24");
  rule.in_interface = "eth1";
  rule.mark = 0x10;
  rule.mark_mask = 0xff;
  rule.priority = 100;
  rule.table = 1000;
  net::Rule six;
  six.family = Family::V6;
  six.to = Prefix::parse("2001:db8::/32");
  six.priority = 200;
  six.action = net::Rule::Action::Unreachable;
  draft[a].rules = {rule, six};
  build(draft);
  const auto four = json_in(netns(a), {"ip", "-j", "rule", "show", "priority", "100"})[0];
  EXPECT_EQ(four["src"], "10.0.1.0");
  EXPECT_EQ(four["srclen"], 24);
  EXPECT_EQ(four["iif"], "eth1");
  EXPECT_EQ(four["fwmark"], "0x10");
  EXPECT_EQ(four["fwmask"], "0xff");
  EXPECT_EQ(four["table"], "1000");
  const auto unreachable = json_in(netns(a), {"ip", "-j", "-6", "rule", "show", "priority", "200"})[0];
  EXPECT_EQ(unreachable["dst"], "2001:db8::");
  EXPECT_EQ(unreachable["action"], "unreachable");
}

TEST_F(Routes, AnErrorNamesTheRouteAmongManyThatWereSentTogether) {
  for (int i = 0; i < 200; ++i) draft.route(a, "172.16." + std::to_string(i) + ".0/24", "10.0.1.2");
  draft.route(a, "192.0.2.0/24", "172.31.0.1");
  draft.route(a, "198.51.100.0/24", "10.0.1.2");
  EXPECT_EQ(
      refused(draft),
      "add route 192.0.2.0/24 via 172.31.0.1 in a: Network is unreachable (Nexthop has invalid gateway)");
}

TEST_F(Routes, AnUnknownDeviceIsNamed) {
  draft.route(a, "192.0.2.0/24", "", "eth7");
  EXPECT_EQ(refused(draft), "add route 192.0.2.0/24 dev eth7 in a: No such device");
}

TEST_F(Routes, TheSameRouteTwiceIsRefused) {
  draft.route(a, "192.0.2.0/24", "10.0.1.2");
  draft.route(a, "192.0.2.0/24", "10.0.2.2");
  EXPECT_EQ(refused(draft), "add route 192.0.2.0/24 via 10.0.2.2 in a: File exists");
}

TEST_F(Routes, FailAndHeal) {
  draft.route(a, "192.0.2.0/24", "10.0.1.2");
  draft.route(a, "2001:db8::/32", "fd00:1::2");
  build(draft);
  const plan::Plan plan = plan::plan(draft.desired);
  const plan::Operation down[] = {{plan::Verb::SetDown, a, 0}};
  ASSERT_TRUE(engine::run(down, draft.desired, *kernel_, namespaces_).has_value());
  EXPECT_EQ(json_in(netns(a), {"ip", "-j", "route", "show", "192.0.2.0/24"}).size(), 0U);
  EXPECT_EQ(json_in(netns(a), {"ip", "-j", "-6", "route", "show", "2001:db8::/32"}).size(), 0U);
  std::vector<plan::Operation> heal;
  for (const plan::Operation& operation : plan.settings)
    if (operation.ns == a) heal.push_back(operation);
  const auto healed = engine::run(heal, draft.desired, *kernel_, namespaces_);
  ASSERT_TRUE(healed.has_value()) << healed.error().text();
  EXPECT_EQ(route("192.0.2.0/24")["gateway"], "10.0.1.2");
  EXPECT_EQ(route("2001:db8::/32", "-6")["gateway"], "fd00:1::2");
}

TEST_F(Routes, ASnapshotSaysTheSame) {
  draft.route(a, "192.0.2.0/24", "10.0.1.2");
  build(draft);
  const auto seen = kernel::take_snapshot(netns(a));
  ASSERT_TRUE(seen.has_value()) << seen.error().text();
  ASSERT_EQ(seen->links.size(), 3U);
  EXPECT_EQ(seen->links[1].name, "eth1");
  EXPECT_EQ(seen->links[1].kind, "veth");
  EXPECT_EQ(seen->links[1].mac, draft.device(a, 0).mac);
  EXPECT_TRUE(seen->links[1].up);
  EXPECT_EQ(seen->links[1].qdisc, "noqueue");
  EXPECT_TRUE(seen->links[1].peer_nsid.has_value());
  EXPECT_NE(seen->links[1].peer, 0U);
  const net::SeenAddress wanted{seen->links[1].index, *InterfaceAddress::parse("10.0.1.1/24"), false, false};
  EXPECT_THAT(seen->addresses, ::testing::Contains(wanted));
  net::SeenRoute route;
  route.route.to = *Prefix::parse("192.0.2.0/24");
  route.route.next_hops = {{IpAddress::parse("10.0.1.2"), "eth1", 1}};
  route.protocol = 4;
  EXPECT_THAT(seen->routes, ::testing::Contains(route));
}

}  // namespace
}  // namespace hopyard::kernel_tests
