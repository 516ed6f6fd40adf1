#include "keeper/description.hh"

#include <gtest/gtest.h>

namespace hopyard::keeper {
namespace {

TEST(Description, ComesBackAsItWas) {
  Description before;
  before.lab = "office";
  before.file = "/labs/office.yaml";
  before.started = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'123));
  before.uptime = std::chrono::milliseconds(4567);
  before.keeper = 4711;
  before.node_count = 7;
  before.link_count = 8;
  NodeDescription node;
  node.name = "gw";
  node.kind = "router";
  node.state = NodeState::Frozen;
  node.pid = 4712;
  node.loopback = {"8.8.8.8/32"};
  node.routes = 3;
  InterfaceDescription interface;
  interface.name = "wan0";
  interface.mac = "02:00:5e:00:53:01";
  interface.mtu = 9000;
  interface.addresses = {"203.0.113.1/24", "2001:db8::1/64"};
  interface.up = false;
  interface.wire = "gw:wan0 -- lan";
  interface.peer_node = "lan";
  interface.network = "lan";
  interface.egress.loss = 0.5;
  node.interfaces.push_back(interface);
  before.nodes.push_back(node);
  NodeDescription network;
  network.name = "lan";
  before.networks.push_back(network);
  LinkDescription link;
  link.name = "gw:wan0 -- lan";
  link.ends[0] = {"gw", "wan0"};
  link.ends[1] = {"lan", "p0"};
  link.up = false;
  link.back.rate = 1000;
  before.links.push_back(link);

  const auto after = decode_description(encode(before));
  ASSERT_TRUE(after);
  EXPECT_EQ(encode(*after), encode(before));
  ASSERT_EQ(after->nodes.size(), 1U);
  EXPECT_EQ(after->nodes[0].state, NodeState::Frozen);
  EXPECT_EQ(after->nodes[0].interfaces[0].egress, interface.egress);
  EXPECT_EQ(after->nodes[0].interfaces[0].network, "lan");
  EXPECT_EQ(after->networks[0].name, "lan");
  EXPECT_EQ(after->links[0].back, link.back);
  EXPECT_EQ(after->links[0].ends[1].interface, "p0");
  EXPECT_EQ(after->started, before.started);
  EXPECT_EQ(after->uptime, before.uptime);
  EXPECT_EQ(after->keeper, 4711);
}

TEST(Description, OfGarbageIsAnErrorOrEmpty) {
  EXPECT_FALSE(decode_description("[1,2"));
  const auto odd =
      decode_description(R"({"lab":7,"nodes":[3,{"interfaces":"x","pid":-1}],"links":[{"ends":[1,2,3]}]})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->lab, "");
  EXPECT_EQ(odd->nodes.size(), 2U);
  EXPECT_EQ(odd->nodes[1].pid, 0);
}

TEST(Processes, ComeBackAsTheyWere) {
  const std::vector<ProcessDescription> before{
      {"r1", 7, 4713, 'S', 1'048'576, std::chrono::milliseconds(1500), "sleep 100", "web"},
      {"", 2, 0, 'Z', 0, {}, "[x]", ""}};
  const auto after = decode_processes(encode(before));
  ASSERT_TRUE(after);
  ASSERT_EQ(after->size(), 2U);
  EXPECT_EQ((*after)[0].node, "r1");
  EXPECT_EQ((*after)[0].host_pid, 4713);
  EXPECT_EQ((*after)[0].memory, 1'048'576U);
  EXPECT_EQ((*after)[0].cpu, std::chrono::milliseconds(1500));
  EXPECT_EQ((*after)[0].service, "web");
  EXPECT_EQ((*after)[1].state, 'Z');
  EXPECT_EQ((*after)[1].command, "[x]");
}

TEST(NodeState, HasANameEach) {
  for (const NodeState state : {NodeState::Idle, NodeState::Warm, NodeState::Failed, NodeState::Frozen}) {
    EXPECT_EQ(state_named(state_name(state)), state);
  }
}

}  // namespace
}  // namespace hopyard::keeper
