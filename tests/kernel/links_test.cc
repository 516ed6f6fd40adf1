#include <gmock/gmock.h>

#include "tests/kernel/support.hh"

namespace hopyard::kernel_tests {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class Links : public KernelTest {};

TEST_F(Links, BothEndsAreBornWhereTheyBelong) {
  Draft draft;
  const auto a = draft.node("a");
  const auto b = draft.node("b");
  const auto [eth0, wan] = draft.wire(a, "eth0", b, "wan");
  draft.device(a, eth0).mtu = 9000;
  draft.device(b, wan).mtu = 9000;
  build(draft);
  const auto here = link(a, "eth0");
  const auto there = link(b, "wan");
  EXPECT_EQ(here["address"], draft.device(a, eth0).mac.text());
  EXPECT_EQ(there["address"], draft.device(b, wan).mac.text());
  EXPECT_EQ(here["mtu"], 9000);
  EXPECT_EQ(here["linkinfo"]["info_kind"], "veth");
  EXPECT_EQ(here["num_tx_queues"], 1);
  EXPECT_EQ(there["num_rx_queues"], 1);
  EXPECT_EQ(here["link_index"], there["ifindex"]);
  EXPECT_TRUE(has_flag(here, "UP"));
  EXPECT_TRUE(has_flag(there, "LOWER_UP"));
  EXPECT_TRUE(has_flag(link(a, "lo"), "UP"));
}

/// A device whose own index is that of its other end may wait up to a second before it can send
/// (linkwatch_urgent_event).
TEST_F(Links, TheEndsOfAWireNeverHaveTheSameIndex) {
  Draft draft;
  const auto a = draft.node("a");
  const auto b = draft.node("b");
  draft.wire(a, "eth0", b, "eth0");
  draft.wire(b, "eth1", a, "eth1");
  draft.wire(a, "eth2", b, "eth2");
  build(draft);
  for (const char* name : {"eth0", "eth1", "eth2"}) {
    EXPECT_NE(link(a, name)["ifindex"], link(a, name)["link_index"]) << name;
    EXPECT_EQ(link(a, name)["ifindex"], link(b, name)["link_index"]) << name;
  }
}

TEST_F(Links, TheHostSeesNothing) {
  Draft draft;
  const auto a = draft.node("a");
  const auto b = draft.node("b");
  draft.wire(a, "eth0", b, "eth0");
  build(draft);
  const sys::Fd here = std::move(sys::current_netns().value());
  EXPECT_EQ(json_in(here.get(), {"ip", "-j", "link"}).size(), 1U);
}

TEST_F(Links, TwoEndsInOneNode) {
  Draft draft;
  const auto a = draft.node("a");
  draft.wire(a, "eth0", a, "eth1");
  build(draft);
  EXPECT_EQ(link(a, "eth0")["link"], "eth1");
}

TEST_F(Links, SeveralWiresBetweenTheSameTwo) {
  Draft draft;
  const auto a = draft.node("a");
  const auto b = draft.node("b");
  draft.wire(a, "eth0", b, "eth0");
  draft.wire(b, "eth1", a, "eth1");
  build(draft, 2);
  EXPECT_EQ(link(a, "eth1")["address"], draft.device(a, 1).mac.text());
  EXPECT_EQ(link(b, "eth1")["address"], draft.device(b, 1).mac.text());
}

TEST_F(Links, ABridgeForwardsAtOnceAndLeavesTheRestAlone) {
  Draft draft;
  const auto lan = draft.node("lan", net::Namespace::Role::Segment);
  const auto br0 = draft.bridge(lan, "br0");
  const auto pc = draft.node("pc");
  const auto port = draft.wire(lan, "p0", pc, "eth0").first;
  draft.device(lan, port).master = br0;
  build(draft);
  const auto bridge = link(lan, "br0");
  const auto& data = bridge["linkinfo"]["info_data"];
  EXPECT_EQ(bridge["address"], draft.device(lan, br0).mac.text());
  EXPECT_EQ(data["stp_state"], 0);
  EXPECT_EQ(data["forward_delay"], 0);
  EXPECT_EQ(data["mcast_snooping"], 0);
  EXPECT_EQ(data["ageing_time"], 30000);
  EXPECT_TRUE(has_flag(bridge, "UP"));
  EXPECT_EQ(link(lan, "p0")["master"], "br0");
  const std::string call = sysctl(lan, "net.bridge.bridge-nf-call-iptables");
  EXPECT_TRUE(call == "0" || call.find("cannot stat") != std::string::npos) << call;
}

/// Three hosts on one bridge, the third of which counts what it hears.
class ThreeOnABridge : public Links {
 protected:
  void build_with(bool floods) {
    Draft draft;
    const auto lan = draft.node("lan", net::Namespace::Role::Segment);
    const auto br0 = draft.bridge(lan, "br0");
    draft.device(lan, br0).floods = floods;
    for (const char* name : {"one", "two", "three"}) {
      const auto host = draft.node(name);
      const auto [port, eth0] = draft.wire(lan, std::string("to-") + name, host, "eth0");
      draft.device(lan, port).master = br0;
      draft.address(host, eth0, "10.9.0." + std::to_string(host) + "/24");
    }
    build(draft);
  }
  [[nodiscard]] std::int64_t heard_by(std::uint32_t ns) const {
    const auto links = json_in(netns(ns), {"ip", "-j", "-s", "link", "show", "dev", "eth0"});
    return links[0]["stats64"]["rx"]["packets"].get<std::int64_t>();
  }
  void ping() const {
    const Ran ran = run_in(netns(1), {"ping", "-c", "20", "-i", "0.01", "-W", "5", "10.9.0.2"});
    EXPECT_EQ(ran.status, 0) << ran.output;
  }
};

TEST_F(ThreeOnABridge, ASwitchLearns) {
  build_with(false);
  ping();
  const auto before = heard_by(3);
  ping();
  EXPECT_LT(heard_by(3) - before, 20);
}

TEST_F(ThreeOnABridge, AHubRepeatsAllToAll) {
  build_with(true);
  ping();
  const auto before = heard_by(3);
  ping();
  EXPECT_GE(heard_by(3) - before, 40);
}

TEST_F(Links, AnErrorNamesTheLinkAndLeavesNothing) {
  Draft draft;
  const auto a = draft.node("a");
  const auto b = draft.node("b");
  draft.wire(a, "eth0", b, "eth0");
  draft.wire(a, "eth0", b, "eth1");
  EXPECT_EQ(refused(draft), "create veth a:eth0 -- b:eth1: File exists");
}

TEST_F(Links, AnErrorCarriesTheKernelsWords) {
  Draft draft;
  const auto a = draft.node("a");
  const auto b = draft.node("b");
  const auto eth0 = draft.wire(a, "eth0", b, "eth0").first;
  draft.device(a, eth0).mtu = 10;
  EXPECT_THAT(refused(draft), HasSubstr("create veth a:eth0 -- b:eth0 (mtu 10): Invalid argument"));
}

}  // namespace
}  // namespace hopyard::kernel_tests
