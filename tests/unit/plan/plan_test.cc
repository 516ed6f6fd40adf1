#include "plan/plan.hh"

#include <gmock/gmock.h>

#include "plan/sysctl.hh"

namespace hopyard::plan {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

/// A router r with a wire to host h and one into network lan, and one of everything.
net::Desired example() {
  net::Desired desired;
  desired.lab = "example";
  desired.namespaces.resize(3);
  net::Namespace& r = desired.namespaces[0];
  r.name = "r", r.kind = "router", r.origin = {0, 10, 20};
  r.sysctls = {{"net.ipv4.ip_forward", "1"}, {"net.ipv4.conf.eth0.rp_filter", "2"}};
  r.loopback = {*InterfaceAddress::parse("8.8.8.8/32")};
  r.rulesets = {"table inet t { }"};
  net::Device eth0;
  eth0.name = "eth0", eth0.makes_pair = true, eth0.peer_namespace = 1, eth0.peer_device = 0, eth0.mtu = 9000;
  eth0.addresses = {*InterfaceAddress::parse("10.0.0.1/24"), *InterfaceAddress::parse("fd00::1/64")};
  eth0.egress.delay = milliseconds(20);
  eth0.origin = {0, 30, 40};
  net::Device eth1;
  eth1.name = "eth1", eth1.peer_namespace = 2, eth1.peer_device = 1;
  r.devices = {eth0, eth1};
  net::Route route;
  route.to = *Prefix::parse("0.0.0.0/0");
  route.next_hops = {{IpAddress::parse("10.0.0.2"), "eth0", 1}};
  r.routes = {route};
  net::Rule rule;
  rule.from = Prefix::parse("10.1.0.0/16");
  rule.priority = 100;
  rule.table = 7;
  r.rules = {rule};
  net::Namespace& h = desired.namespaces[1];
  h.name = "h", h.kind = "host";
  net::Device host_end;
  host_end.name = "eth0", host_end.peer_namespace = 0, host_end.peer_device = 0;
  h.devices = {host_end};
  net::Namespace& lan = desired.namespaces[2];
  lan.name = "lan", lan.kind = "network", lan.role = net::Namespace::Role::Segment;
  net::Device bridge;
  bridge.kind = net::Device::Kind::Bridge, bridge.name = "br0", bridge.floods = true;
  net::Device port;
  port.name = "p0", port.makes_pair = true, port.master = 0, port.peer_namespace = 0, port.peer_device = 1;
  lan.devices = {bridge, port};
  return desired;
}

std::vector<std::string> described(const std::vector<Operation>& stage, const net::Desired& desired) {
  std::vector<std::string> lines;
  for (const Operation& operation : stage) lines.push_back(describe(operation, desired));
  return lines;
}

TEST(Plan, FirstTheNamespacesWithWhatEveryOneHas) {
  const net::Desired desired = example();
  EXPECT_THAT(described(plan(desired).namespaces, desired),
              ElementsAre("create namespace r (router)", "set net.ipv4.ip_forward = 1 in r",
                          "create namespace h (host)", "create namespace network lan (network)"));
}

TEST(Plan, ThenEveryLinkOnce) {
  const net::Desired desired = example();
  EXPECT_THAT(described(plan(desired).links, desired),
              ElementsAre("create veth r:eth0 -- h:eth0 (mtu 9000)",
                          "create bridge lan:br0 (floods, as a hub)", "create veth lan:p0 -- r:eth1"));
}

TEST(Plan, ThenTheSettingsOfEachNamespaceTogether) {
  const net::Desired desired = example();
  EXPECT_THAT(described(plan(desired).settings, desired),
              ElementsAre("set net.ipv4.conf.eth0.rp_filter = 2 in r", "load ruleset 1 of r",
                          "shape r:eth0 with delay 20ms", "bring up r:eth0", "bring up r:eth1",
                          "add address 8.8.8.8/32 to r:lo", "add address 10.0.0.1/24 to r:eth0",
                          "add address fd00::1/64 to r:eth0", "add route default via 10.0.0.2 dev eth0 in r",
                          "add rule priority 100 from 10.1.0.0/16 lookup 7 in r", "bring up h:eth0",
                          "bring up lan:br0", "bring up lan:p0 in bridge br0"));
}

TEST(Plan, WhatADeviceStandsOnIsMadeAndUpBeforeIt) {
  net::Desired desired;
  desired.lab = "stack";
  desired.namespaces.resize(1);
  net::Namespace& h = desired.namespaces[0];
  h.name = "h", h.kind = "host";
  const auto add = [&](const char* name, net::LinkType type, std::uint32_t lower) {
    auto link = std::make_shared<net::LinkSettings>();
    link->type = type;
    if (lower != net::none) link->lower_namespace = 0, link->lower_device = lower;
    net::Device device;
    device.kind = net::Device::Kind::Other, device.name = name, device.link = std::move(link);
    h.devices.push_back(std::move(device));
  };
  add("inner", net::LinkType::Vlan, 1);
  add("mac0", net::LinkType::Macsec, 3);
  add("dummy0", net::LinkType::Dummy, net::none);
  add("bond0", net::LinkType::Bond, net::none);
  std::vector<std::string> made;
  std::vector<std::string> up;
  for (const Operation& operation : plan(desired).settings) {
    if (operation.verb == Verb::CreateDevice) made.push_back(h.devices[operation.device].name);
    if (operation.verb == Verb::SetUp) up.push_back(h.devices[operation.device].name);
  }
  EXPECT_THAT(made, ElementsAre("bond0", "mac0", "inner", "dummy0"));
  EXPECT_EQ(up, made);
}

TEST(Plan, ChecksumsAreMadeBeforeAnythingIsUp) {
  net::Desired desired = example();
  desired.namespaces[1].devices[0].sums_first = true;
  const auto lines = described(plan(desired).settings, desired);
  const auto sums = std::ranges::find(lines, "let h:eth0 make the checksums of what it sends");
  const auto up = std::ranges::find(lines, "bring up h:eth0");
  ASSERT_TRUE(sums != lines.end() && up != lines.end());
  EXPECT_LT(sums, up);
}

TEST(Plan, WhatDevicesOverwriteWhenTheyComeUpIsWrittenLast) {
  net::Desired desired = example();
  desired.namespaces[0].sysctls.push_back({"net.ipv6.conf.lo.mtu", "1400"});
  desired.namespaces[1].sysctls.push_back({"net.ipv6.conf.eth0.mtu", "1300"});
  const Plan whole = plan(desired);
  EXPECT_THAT(described(whole.last, desired),
              ElementsAre("set net.ipv6.conf.lo.mtu = 1400 in r", "set net.ipv6.conf.eth0.mtu = 1300 in h"));
  for (const auto* stage : {&whole.namespaces, &whole.settings})
    for (const std::string& line : described(*stage, desired))
      EXPECT_EQ(line.find(".mtu"), std::string::npos) << line;
  EXPECT_EQ(overwritten_by("net.ipv6.conf.eth0/100.mtu"), "eth0.100");
  for (const char* other :
       {"net.ipv6.conf.all.mtu", "net.ipv6.conf.default.mtu", "net.ipv6.conf.eth0.hop_limit",
        "net.ipv4.conf.eth0.mtu", "net.ipv6.conf..mtu", "net.ipv6.conf.mtu"})
    EXPECT_EQ(overwritten_by(other), "") << other;
}

TEST(Plan, AnOperationIsSixteenBytes) {
  EXPECT_EQ(sizeof(Operation), 16U);
}

TEST(Plan, UndoIsSaidWhereItDoesNotGoByItself) {
  const net::Desired desired = example();
  const Plan all = plan(desired);
  EXPECT_EQ(describe_undo(all.namespaces[0], desired), "delete namespace r");
  EXPECT_EQ(describe_undo(all.links[0], desired), "");
  EXPECT_EQ(describe_undo({Verb::SetDown, 0, 0}, desired), "bring up r:eth0");
  EXPECT_EQ(describe({Verb::SetDown, 0, 0}, desired), "take down r:eth0");
}

TEST(Plan, TheReasonIsThePlaceInTheFile) {
  const net::Desired desired = example();
  const Plan all = plan(desired);
  EXPECT_EQ(reason(all.namespaces[0], desired), (Span{0, 10, 20}));
  EXPECT_EQ(reason(all.links[0], desired), (Span{0, 30, 40}));
  EXPECT_EQ(reason({Verb::SetUp, 0, 1}, desired), (Span{0, 10, 20}))
      << "a device without a place has its node's";
}

TEST(PlanText, Impairments) {
  net::Desired desired = example();
  net::Impairment& egress = desired.namespaces[0].devices[0].egress;
  egress.jitter = milliseconds(2);
  egress.loss = 0.001;
  egress.corrupt = 0.01;
  egress.duplicate = 0.02;
  egress.reorder = 0.25;
  egress.rate = 50'000'000;
  egress.limit = 100;
  egress.seed = 7;
  EXPECT_EQ(
      describe({Verb::Shape, 0, 0}, desired),
      "shape r:eth0 with rate 50mbit delay 20ms jitter 2ms loss 0.1% corrupt 1% duplicate 2% reorder 25% "
      "limit 100 seed 7");
  egress = {};
  EXPECT_EQ(describe({Verb::Shape, 0, 0}, desired), "clear r:eth0");
}

TEST(PlanText, Neighbours) {
  net::Desired desired = example();
  desired.namespaces[0].devices[0].neighbours = {
      {*IpAddress::parse("10.0.0.2"), *Mac::parse("02:00:00:00:00:07")}};
  EXPECT_EQ(describe({Verb::AddNeighbour, 0, 0, 0}, desired),
            "add neighbour 10.0.0.2 at 02:00:00:00:00:07 to r:eth0");
}

TEST(PlanText, Routes) {
  net::Desired desired = example();
  net::Route& route = desired.namespaces[0].routes[0];
  const Operation add{Verb::AddRoute, 0, net::none, 0};
  route.to = *Prefix::parse("192.0.2.0/24");
  route.next_hops = {{IpAddress::parse("10.0.0.2"), "", 1}, {IpAddress::parse("10.0.0.3"), "eth0", 5}};
  EXPECT_EQ(describe(add, desired),
            "add route 192.0.2.0/24 nexthop via 10.0.0.2 nexthop via 10.0.0.3 dev eth0 weight 5 in r");
  route.next_hops.clear();
  route.type = net::Route::Type::Blackhole;
  route.metric = 9;
  route.table = 100;
  EXPECT_EQ(describe(add, desired), "add route blackhole 192.0.2.0/24 metric 9 table 100 in r");
}

TEST(PlanText, Rules) {
  net::Desired desired = example();
  net::Rule& rule = desired.namespaces[0].rules[0];
  rule = {};
  rule.family = Family::V6;
  rule.to = Prefix::parse("2001:db8::/32");
  rule.in_interface = "eth0";
  rule.out_interface = "eth1";
  rule.mark = 16;
  rule.mark_mask = 255;
  rule.action = net::Rule::Action::Prohibit;
  EXPECT_EQ(describe({Verb::AddRule, 0, net::none, 0}, desired),
            "add IPv6 rule to 2001:db8::/32 iif eth0 oif eth1 fwmark 0x10/0xff prohibit in r");
}

TEST(Sysctls, OfADeviceWaitForIt) {
  EXPECT_TRUE(needs_device("net.ipv4.conf.eth0.rp_filter"));
  EXPECT_TRUE(needs_device("net.ipv6.conf.eth0/100.forwarding"));
  EXPECT_TRUE(needs_device("net.ipv4.neigh.eth0.gc_stale_time"));
  EXPECT_FALSE(needs_device("net.ipv4.conf.all.rp_filter"));
  EXPECT_FALSE(needs_device("net.ipv4.conf.default.rp_filter"));
  EXPECT_FALSE(needs_device("net.ipv4.conf.lo.rp_filter"));
  EXPECT_FALSE(needs_device("net.ipv4.ip_forward"));
}

}  // namespace
}  // namespace hopyard::plan
