#include "plan/drift.hh"

#include <gmock/gmock.h>

#include <algorithm>

namespace hopyard::plan {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint32_t first_index = 2;

net::Route route(std::string_view to, std::optional<IpAddress> via, const std::string& device) {
  net::Route made;
  made.to = *Prefix::parse(to);
  made.next_hops = {{via, device, 1}};
  return made;
}

net::SeenLink link(std::uint32_t index, const std::string& name, const std::string& kind, Mac mac = {}) {
  net::SeenLink made;
  made.index = index, made.name = name, made.kind = kind, made.mac = mac, made.mtu = 9000, made.up = true;
  return made;
}

/// Router r with a wire to h, a VLAN on it, and one of everything.
net::Desired example() {
  net::Desired desired;
  desired.namespaces.resize(2);
  net::Namespace& r = desired.namespaces[0];
  r.name = "r";
  r.sysctls = {{"net.ipv4.ip_forward", "1"},
               {"net.ipv4.conf.eth0.rp_filter", "2"},
               {"net.ipv4.tcp_rmem", "4096 8192 16384"}};
  r.loopback = {*InterfaceAddress::parse("8.8.8.8/32")};
  net::Device eth0;
  eth0.name = "eth0", eth0.makes_pair = true, eth0.peer_namespace = 1, eth0.peer_device = 0, eth0.mtu = 9000;
  eth0.mac = *Mac::parse("02:00:00:00:00:01");
  eth0.addresses = {*InterfaceAddress::parse("10.0.0.1/24"), *InterfaceAddress::parse("fd00::1/64")};
  eth0.neighbours = {{*IpAddress::parse("10.0.0.9"), *Mac::parse("02:00:00:00:00:09")}};
  eth0.egress.delay = milliseconds(20);
  eth0.egress.loss = 0.01;
  net::LinkSettings vlan;
  vlan.type = net::LinkType::Vlan, vlan.id = 7, vlan.lower_namespace = 0, vlan.lower_device = 0;
  net::Device upper;
  upper.name = "v7", upper.kind = net::Device::Kind::Other;
  upper.link = std::make_shared<const net::LinkSettings>(vlan);
  r.devices = {eth0, upper};
  r.routes = {route("0.0.0.0/0", IpAddress::parse("10.0.0.2"), "eth0"),
              route("fd01::/64", IpAddress::parse("fd00::2"), "")};
  net::Rule rule;
  rule.from = Prefix::parse("10.1.0.0/16"), rule.table = 7;
  r.rules = {rule};
  net::Namespace& h = desired.namespaces[1];
  h.name = "h";
  net::Device end;
  end.name = "eth0", end.peer_namespace = 0, end.peer_device = 0;
  h.devices = {end};
  return desired;
}

/// What a kernel would have of r.
net::Observed observed(const net::Desired& desired) {
  const net::Namespace& r = desired.namespaces[0];
  net::Observed now;
  now.numbers = {first_index, first_index + 2};
  now.snapshot.links = {link(1, "lo", ""), link(first_index, "eth0", "veth", r.devices[0].mac),
                        link(first_index + 2, "v7", "vlan")};
  now.snapshot.addresses = {
      {1, r.loopback[0]}, {2, r.devices[0].addresses[0]}, {2, r.devices[0].addresses[1]}};
  now.snapshot.routes = {{r.routes[0], 4}, {r.routes[1], 4}};
  now.snapshot.routes.push_back({route("10.0.0.0/24", {}, "eth0"), 2});
  now.snapshot.routes.push_back({route("fd00::/64", {}, "eth0"), 2});
  now.snapshot.routes[1].route.metric = 1024;
  now.snapshot.routes[1].route.next_hops[0].device = "eth0";
  net::SeenEgress egress{first_index, "netem", r.devices[0].egress};
  egress.does.limit = 1000;
  now.egresses = {egress};
  now.neighbours = {{first_index, r.devices[0].neighbours[0]}};
  now.rules = {r.rules[0]};
  now.rules[0].priority = 32765;
  now.sysctls = {"1", "2", "4096\t8192\t16384"};
  return now;
}

bool nothing_down(std::uint32_t, std::uint32_t) {
  return false;
}

std::vector<std::string> words(const std::vector<Difference>& differences) {
  std::vector<std::string> all;
  for (const Difference& one : differences)
    all.push_back(std::string(one.what) + ' ' + one.object + ": " + one.wanted + " | " + one.found);
  return all;
}

class Drift : public ::testing::Test {
 protected:
  std::vector<std::string> found() { return words(drift(desired, 0, now, nothing_down)); }
  std::vector<std::string> steps() {
    std::vector<std::string> all;
    for (const Operation& step : repair(desired, drift(desired, 0, now, down), down))
      all.push_back(describe(step, desired));
    return all;
  }
  net::Desired desired = example();
  net::Observed now = observed(desired);
  IsDown down = nothing_down;
};

TEST_F(Drift, IsNoneWhenAllIsThereAndMoreBesides) {
  now.snapshot.addresses.push_back({2, *InterfaceAddress::parse("10.0.0.77/24")});
  now.snapshot.links.push_back(link(99, "mine", "dummy"));
  now.snapshot.routes.push_back({route("10.5.0.0/16", {}, "mine"), 2});
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(steps(), IsEmpty());
}

TEST_F(Drift, NamesWhatIsMissing) {
  now.snapshot.addresses.pop_back();
  now.snapshot.routes.clear();
  now.rules.clear();
  now.neighbours.clear();
  now.egresses.clear();
  EXPECT_THAT(found(),
              ElementsAre("impairment eth0: delay 20ms loss 1% | ", "route : 10.0.0.0/24 dev eth0 | ",
                          "address eth0: fd00::1/64 | ", "neighbour eth0: 10.0.0.9 at 02:00:00:00:00:09 | ",
                          "route : default via 10.0.0.2 dev eth0 | ", "route : fd01::/64 via fd00::2 | ",
                          "rule : from 10.1.0.0/16 lookup 7 | "));
  EXPECT_THAT(
      steps(),
      ElementsAre("shape r:eth0 with delay 20ms loss 1%", "add address 10.0.0.1/24 to r:eth0",
                  "add address fd00::1/64 to r:eth0", "add neighbour 10.0.0.9 at 02:00:00:00:00:09 to r:eth0",
                  "add route default via 10.0.0.2 dev eth0 in r", "add route fd01::/64 via fd00::2 in r",
                  "add rule from 10.1.0.0/16 lookup 7 in r"));
}

TEST_F(Drift, NamesWhatIsAnother) {
  now.snapshot.links[0].up = false;
  now.snapshot.links[1].mtu = 1500;
  now.snapshot.links[1].up = false;
  now.snapshot.links[1].mac = *Mac::parse("02:00:00:00:00:02");
  now.sysctls[1] = "0";
  now.egresses[0].does.loss = 0.02;
  now.snapshot.routes[0].route.next_hops[0].via = IpAddress::parse("10.0.0.3");
  EXPECT_THAT(found(),
              ElementsAre("state lo: up | down", "mtu eth0: 9000 | 1500",
                          "mac eth0: 02:00:00:00:00:01 | 02:00:00:00:00:02", "state eth0: up | down",
                          "impairment eth0: delay 20ms loss 1% | netem delay 20ms loss 2% limit 1000",
                          "route : default via 10.0.0.2 dev eth0 | default via 10.0.0.3 dev eth0",
                          "sysctl net.ipv4.conf.eth0.rp_filter: 2 | 0"));
}

TEST_F(Drift, OfAnImpairmentThatNobodyWantsIsTakenAway) {
  desired.namespaces[0].devices[0].egress = {};
  EXPECT_THAT(found(), ElementsAre("impairment eth0:  | netem delay 20ms loss 1% limit 1000"));
  EXPECT_THAT(steps(), ElementsAre("clear r:eth0"));
}

TEST_F(Drift, OfADeletedPairBringsBackBothEndsAndWhatStandsOnThem) {
  now.snapshot.links.resize(1);
  now.snapshot.addresses.resize(1);
  now.snapshot.routes.clear();
  now.sysctls[1].reset();
  now.egresses.clear();
  now.neighbours.clear();
  EXPECT_THAT(steps(), ElementsAre("remove what is left of r:eth0", "remove what is left of h:eth0",
                                   "remove what is left of r:v7", "create veth r:eth0 -- h:eth0 (mtu 9000)",
                                   ::testing::StartsWith("create vlan r:v7"),
                                   "set net.ipv4.conf.eth0.rp_filter = 2 in r",
                                   "shape r:eth0 with delay 20ms loss 1%", "bring up r:eth0", "bring up r:v7",
                                   "add address 10.0.0.1/24 to r:eth0", "add address fd00::1/64 to r:eth0",
                                   "add neighbour 10.0.0.9 at 02:00:00:00:00:09 to r:eth0",
                                   "add route default via 10.0.0.2 dev eth0 in r",
                                   "add route fd01::/64 via fd00::2 in r", "bring up h:eth0"));
}

TEST_F(Drift, OfAMacvlanLeavesTheOneThatIsMadeOnItAsItIs) {
  std::vector<net::Device>& devices = desired.namespaces[0].devices;
  for (const std::uint32_t lower : {0U, 2U}) {
    net::LinkSettings macvlan;
    macvlan.type = net::LinkType::Macvlan, macvlan.lower_namespace = 0, macvlan.lower_device = lower;
    net::Device& device = devices.emplace_back();
    device.name = lower == 0 ? "m0" : "m1", device.kind = net::Device::Kind::Other;
    device.link = std::make_shared<const net::LinkSettings>(macvlan);
    now.numbers.push_back(2 * static_cast<std::uint32_t>(devices.size()));
  }
  now.snapshot.links.push_back(link(now.numbers[3], "m1", "macvlan"));
  EXPECT_THAT(steps(), ElementsAre("remove what is left of r:m0", "create macvlan r:m0 on eth0 (mode bridge)",
                                   "bring up r:m0"));
}

TEST_F(Drift, KnowsAnInterfaceUnderAnotherName) {
  now.snapshot.links[1].name = "other";
  EXPECT_EQ(found().front(), "interface eth0: eth0 | other");
  EXPECT_EQ(steps().front(), "give r:eth0 back its name");
  now.snapshot.links[1].mtu = 1400;
  now.snapshot.links[1].master = 9;
  now.snapshot.links.push_back(link(9, "somebodys", "bridge"));
  EXPECT_EQ(steps().front(),
            "give r:eth0 back its name and MTU, and take it out of the bridge that it is in");
}

TEST_F(Drift, PutsRightWhatDiffersOfAnInterfaceAndNothingElse) {
  now.snapshot.links[1].mac = *Mac::parse("02:00:00:00:00:02");
  EXPECT_THAT(steps(), ElementsAre("give r:eth0 back its MAC"));
  now.snapshot.links[1].mtu = 1400;
  EXPECT_THAT(steps(), ElementsAre("give r:eth0 back its MAC and MTU"));
  // The node's own service has set the MTU: that is no difference to put right.
  auto differences = drift(desired, 0, now, nothing_down);
  std::erase_if(differences, [](const Difference& one) { return one.what == "mtu"; });
  const auto planned = repair(desired, differences, down);
  ASSERT_EQ(planned.size(), 1U);
  EXPECT_EQ(describe(planned.front(), desired), "give r:eth0 back its MAC");
  now.snapshot.links[1] = observed(desired).snapshot.links[1];
  now.snapshot.links[1].master = 9;
  now.snapshot.links.push_back(link(9, "somebodys", "bridge"));
  EXPECT_THAT(steps(), ElementsAre("take r:eth0 out of the bridge that it is in"));
}

TEST_F(Drift, IsNoneWhereAnInterfaceHasBeenFailed) {
  down = [](std::uint32_t ns, std::uint32_t device) { return ns == 0 && device == 0; };
  now.snapshot.links[1].up = now.snapshot.links[2].up = false;
  now.snapshot.addresses.resize(2);
  now.snapshot.routes.clear();
  now.neighbours.clear();
  EXPECT_THAT(words(drift(desired, 0, now, down)), IsEmpty());
  now.snapshot.links[1].up = true;
  EXPECT_EQ(words(drift(desired, 0, now, down)).front(), "state eth0: down | up");
  EXPECT_EQ(steps().back(), "take down r:eth0");
}

TEST_F(Drift, GoesByWhatTheKernelSaysOfASysctl) {
  desired.namespaces[0].sysctls[1].value = "0x2";
  EXPECT_THAT(found(), ElementsAre("sysctl net.ipv4.conf.eth0.rp_filter: 0x2 | 2"));
  now.wanted_sysctls = {std::nullopt, "2", "4096\t8192\t16384"};
  EXPECT_THAT(found(), IsEmpty());
  now.sysctls = {"0", "1", "4096\t8192\t1"};
  EXPECT_THAT(found(),
              ElementsAre("sysctl net.ipv4.ip_forward: 1 | 0", "sysctl net.ipv4.conf.eth0.rp_filter: 0x2 | 1",
                          "sysctl net.ipv4.tcp_rmem: 4096 8192 16384 | 4096\t8192\t1"));
}

TEST_F(Drift, LeavesTheMtuToTheClientOfAServerOfAddresses) {
  net::Service client;
  client.name = "dhcp-eth0";
  desired.namespaces[0].machine.services = {client};
  now.snapshot.links[1].mtu = 1400;
  EXPECT_THAT(found(), IsEmpty());
  desired.namespaces[0].machine.services[0].name = "dhcp-eth1";
  EXPECT_THAT(found(), ElementsAre("mtu eth0: 9000 | 1400"));
}

TEST_F(Drift, FindsTheRuleThatStandsAtThePlaceOfTheLabs) {
  net::Rule& wanted = desired.namespaces[0].rules[0];
  net::Rule other;
  other.from = Prefix::parse("10.9.0.0/16"), other.priority = 500;
  now.rules = {other};
  // The lab has not said where it stands.
  EXPECT_THAT(found(), ElementsAre("rule : from 10.1.0.0/16 lookup 7 | "));
  wanted.priority = 500;
  EXPECT_THAT(found(), ElementsAre("rule : priority 500 from 10.1.0.0/16 lookup 7 | "
                                   "priority 500 from 10.9.0.0/16 lookup 254"));
  now.rules[0].family = Family::V6;
  EXPECT_THAT(found(), ElementsAre("rule : priority 500 from 10.1.0.0/16 lookup 7 | "));
  now.rules[0].family = Family::V4;
  desired.namespaces[0].rules.push_back(other);
  EXPECT_THAT(found(), ElementsAre("rule : priority 500 from 10.1.0.0/16 lookup 7 | "));
}

TEST_F(Drift, NamesWhatTheRuleInThePlaceDoes) {
  desired.namespaces[0].rules[0].priority = 500;
  net::Rule other;
  other.from = Prefix::parse("10.9.0.0/16"), other.priority = 500, other.table = 0, other.target = 32766;
  using enum net::Rule::Action;
  const std::pair<net::Rule::Action, std::string> actions[] = {{Goto, "goto 32766"},
                                                               {Nop, "nop"},
                                                               {Blackhole, "blackhole"},
                                                               {Unreachable, "unreachable"},
                                                               {Prohibit, "prohibit"}};
  for (const auto& [action, words] : actions) {
    other.action = action;
    now.rules = {other};
    EXPECT_THAT(found(), ElementsAre("rule : priority 500 from 10.1.0.0/16 lookup 7 | "
                                     "priority 500 from 10.9.0.0/16 " +
                                     words));
  }
}

TEST_F(Drift, FindsEachRuleOnceInThePlaceOfAnother) {
  net::Rule second = desired.namespaces[0].rules[0];
  second.from = Prefix::parse("10.2.0.0/16");
  desired.namespaces[0].rules.push_back(second);
  for (net::Rule& rule : desired.namespaces[0].rules) rule.priority = 500;
  net::Rule other;
  other.from = Prefix::parse("10.9.0.0/16"), other.priority = 500;
  now.rules = {other};
  EXPECT_THAT(found(), ElementsAre("rule : priority 500 from 10.1.0.0/16 lookup 7 | "
                                   "priority 500 from 10.9.0.0/16 lookup 254",
                                   "rule : priority 500 from 10.2.0.0/16 lookup 7 | "));
}

TEST_F(Drift, WritesAgainWhatIsOverwrittenWhenADeviceComesUp) {
  desired.namespaces[0].sysctls.push_back({"net.ipv6.conf.eth0.mtu", "1400"});
  desired.namespaces[0].sysctls.push_back({"net.ipv6.conf.v7.mtu", "1300"});
  desired.namespaces[1].sysctls.push_back({"net.ipv6.conf.eth0.mtu", "1280"});
  now.sysctls.insert(now.sysctls.end(), {"1400", "1300"});
  now.snapshot.links[1].up = false;
  EXPECT_THAT(steps(),
              ElementsAre("bring up r:eth0", "set net.ipv6.conf.eth0.mtu = 1400 in r",
                          "set net.ipv6.conf.v7.mtu = 1300 in r", "set net.ipv6.conf.eth0.mtu = 1280 in h"));
  // As long as the other end is down there is nothing to overwrite it.
  down = [](std::uint32_t ns, std::uint32_t) { return ns == 1; };
  EXPECT_THAT(steps(), ElementsAre("bring up r:eth0", "set net.ipv6.conf.v7.mtu = 1300 in r"));
  now.snapshot.links[1].up = true;
  now.snapshot.links[1].mac = *Mac::parse("02:00:00:00:00:02");
  down = nothing_down;
  EXPECT_THAT(steps(), ElementsAre("give r:eth0 back its MAC"));
  now.snapshot.links[1].mtu = 1500;
  EXPECT_EQ(steps().size(), 4U);
}

TEST_F(Drift, OfAPairWithSomebodyElsesNamespaceCannotBeRepaired) {
  desired.namespaces[1].adopted = "pid:7";
  now.snapshot.links.erase(now.snapshot.links.begin() + 1);
  const auto differences = drift(desired, 0, now, nothing_down);
  ASSERT_FALSE(differences.empty());
  EXPECT_FALSE(repairable(desired, differences.front()));
  for (const std::string& step : steps()) EXPECT_EQ(step.find("create"), std::string::npos) << step;
}

}  // namespace
}  // namespace hopyard::plan
