#include "lab/segments.hh"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hopyard::lab {
namespace {

/// Nodes a, b, c … of the kinds given, and links between them or to networks 0, 1 ….
class Sketch {
 public:
  Sketch(std::initializer_list<Kind> kinds, std::size_t networks = 0) {
    for (const Kind kind : kinds) {
      Node node;
      node.name = std::string(1, static_cast<char>('a' + lab_.nodes.size()));
      node.kind = kind;
      lab_.nodes.push_back(std::move(node));
    }
    lab_.networks.resize(networks);
    for (std::size_t i = 0; i < networks; ++i) lab_.networks[i].name = fmt::format("net{}", i);
  }
  End node(std::uint32_t index) {
    auto& interfaces = lab_.nodes[index].interfaces;
    interfaces.push_back({});
    interfaces.back().name = fmt::format("eth{}", interfaces.size() - 1);
    return {End::To::Node, index, static_cast<std::uint32_t>(interfaces.size() - 1)};
  }
  static End network(std::uint32_t index) { return {End::To::Network, index, none}; }
  void link(End left, End right) {
    Link link;
    link.ends[0] = left;
    link.ends[1] = right;
    for (const End& end : link.ends)
      if (end.to == End::To::Node)
        lab_.nodes[end.index].interfaces[end.interface].link = static_cast<std::uint32_t>(lab_.links.size());
    lab_.links.push_back(std::move(link));
  }
  /// Gives a node an interface of its own, on another of its interfaces or on none.
  std::uint32_t own(std::uint32_t node, net::LinkType type, std::uint32_t lower = none,
                    std::uint32_t id = 0) {
    auto& interfaces = lab_.nodes[node].interfaces;
    interfaces.push_back({});
    interfaces.back().settings = std::make_shared<net::LinkSettings>();
    interfaces.back().settings->type = type;
    interfaces.back().settings->id = id;
    interfaces.back().lower = lower;
    return static_cast<std::uint32_t>(interfaces.size() - 1);
  }
  void port(std::uint32_t node, std::uint32_t interface, std::uint32_t master) {
    lab_.nodes[node].interfaces[interface].master = master;
  }
  /// Puts the last interface of a switch into VLANs.
  void vlans(std::uint32_t node, Vlans given) { lab_.nodes[node].interfaces.back().vlans = std::move(given); }
  /// "a0 b0 | b1 c0 net0": the segments, each with its members and networks.
  [[nodiscard]] std::string segments_text() const {
    std::string text;
    for (const Segment& segment : segments(lab_)) {
      if (!text.empty()) text += "| ";
      for (const auto& [node, interface] : segment.members)
        text += fmt::format("{}{} ", lab_.nodes[node].name, interface);
      for (const std::uint32_t network : segment.networks) text += lab_.networks[network].name + " ";
    }
    return text;
  }
  [[nodiscard]] const Lab& lab() const { return lab_; }

 private:
  Lab lab_;
};

TEST(Segments, AreWiresBetweenNodes) {
  Sketch lab{Kind::Host, Kind::Router, Kind::Host};
  lab.link(lab.node(0), lab.node(1));
  lab.link(lab.node(1), lab.node(2));
  EXPECT_EQ(lab.segments_text(), "a0 b0 | b1 c0 ");
}

TEST(Segments, ReachThroughSwitchesAndHubsButNotThroughRouters) {
  Sketch lab{Kind::Host, Kind::Switch, Kind::Hub, Kind::Router, Kind::Host};
  lab.link(lab.node(0), lab.node(1));
  lab.link(lab.node(1), lab.node(2));
  lab.link(lab.node(2), lab.node(3));
  lab.link(lab.node(3), lab.node(4));
  EXPECT_EQ(lab.segments_text(), "a0 d0 | d1 e0 ");
}

TEST(Segments, AreNetworksWithAllThatIsAttached) {
  Sketch lab({Kind::Host, Kind::Host, Kind::Switch, Kind::Host}, 3);
  lab.link(lab.node(0), Sketch::network(0));
  lab.link(lab.node(1), Sketch::network(1));
  lab.link(Sketch::network(1), lab.node(2));
  lab.link(lab.node(2), Sketch::network(0));
  lab.link(lab.node(3), Sketch::network(0));
  EXPECT_EQ(lab.segments_text(), "a0 b0 d0 net0 net1 ");  // nothing is attached to net2
}

TEST(Segments, MayHoldTwoInterfacesOfANode) {
  Sketch lab({Kind::Host}, 1);
  lab.link(lab.node(0), Sketch::network(0));
  lab.link(lab.node(0), Sketch::network(0));
  EXPECT_EQ(lab.segments_text(), "a0 a1 net0 ");
}

TEST(Segments, OfSwitchesAloneHaveNoMembers) {
  Sketch lab{Kind::Switch, Kind::Switch};
  lab.link(lab.node(0), lab.node(1));
  ASSERT_EQ(segments(lab.lab()).size(), 1U);
  EXPECT_TRUE(segments(lab.lab())[0].members.empty());
}

TEST(LinkName, NamesBothEnds) {
  Sketch lab({Kind::Host, Kind::Host}, 1);
  lab.link(lab.node(0), lab.node(1));
  lab.link(lab.node(0), Sketch::network(0));
  EXPECT_EQ(link_name(lab.lab(), lab.lab().links[0]), "a:eth0 -- b:eth0");
  EXPECT_EQ(link_name(lab.lab(), lab.lab().links[1]), "a:eth1 -- net0");
}

TEST(KindName, IsTheWordOfTheLanguage) {
  EXPECT_EQ(kind_name(Kind::Host), "host");
  EXPECT_EQ(kind_name(Kind::Router), "router");
  EXPECT_EQ(kind_name(Kind::Switch), "switch");
  EXPECT_EQ(kind_name(Kind::Hub), "hub");
  EXPECT_TRUE(is_layer_two(Kind::Hub));
  EXPECT_FALSE(is_layer_two(Kind::Router));
}

TEST(Segments, AreApartByVlanAndJoinedByTrunks) {
  // Hosts a and b at switch e, c and d at switch f; a and c in VLAN 10, b and d in VLAN 20.
  Sketch lab{Kind::Host, Kind::Host, Kind::Host, Kind::Host, Kind::Switch, Kind::Switch};
  for (std::uint32_t host = 0; host < 4; ++host) {
    lab.link(lab.node(host), lab.node(host < 2 ? 4 : 5));
    lab.vlans(host < 2 ? 4 : 5, {host % 2 == 0 ? std::uint16_t{10} : std::uint16_t{20}, {}});
  }
  lab.link(lab.node(4), lab.node(5));
  lab.vlans(4, {0, {10, 20, 30}});
  lab.vlans(5, {10, {20}});
  // VLAN 20 has its tag at both ends of the trunk; the untagged frames of f are in none at e.
  EXPECT_EQ(lab.segments_text(), "a0 | b0 d0 | c0 ");
  lab.vlans(5, {0, {10, 20}});
  EXPECT_EQ(lab.segments_text(), "a0 c0 | b0 d0 | ");
}

TEST(Segments, HaveVlanOneForPortsThatSayNothing) {
  Sketch lab{Kind::Host, Kind::Host, Kind::Host, Kind::Switch, Kind::Hub};
  lab.link(lab.node(0), lab.node(3));
  lab.link(lab.node(1), lab.node(3));
  lab.vlans(3, {7, {}});
  lab.link(lab.node(2), lab.node(4));
  lab.link(lab.node(4), lab.node(3));
  EXPECT_EQ(lab.segments_text(), "a0 c0 | b0 ");
  lab.vlans(3, {1, {7}});
  EXPECT_EQ(lab.segments_text(), "a0 c0 | b0 ");
}

TEST(Segments, OfNodesVlansAreThoseOfTheSwitch) {
  // Router a on a stick at switch b; hosts c and d in VLANs 10 and 20 of it.
  Sketch lab{Kind::Router, Kind::Switch, Kind::Host, Kind::Host};
  lab.link(lab.node(0), lab.node(1));
  lab.vlans(1, {0, {10, 20}});
  lab.link(lab.node(2), lab.node(1));
  lab.vlans(1, {10, {}});
  lab.link(lab.node(3), lab.node(1));
  lab.vlans(1, {20, {}});
  lab.own(0, net::LinkType::Vlan, 0, 10);
  lab.own(0, net::LinkType::Vlan, 0, 20);
  lab.own(0, net::LinkType::Vlan, 0, 30);
  EXPECT_EQ(lab.segments_text(), "a0 | c0 a1 | d0 a2 | a3 ");
}

TEST(Segments, OfNodesVlansGoOverTheTrunksThatCarryThem) {
  // Hosts a, b and c have VLAN 7 each; switch e passes it on to d and not to c.
  Sketch lab{Kind::Host, Kind::Host, Kind::Host, Kind::Hub, Kind::Switch};
  lab.link(lab.node(0), lab.node(4));
  lab.vlans(4, {1, {7}});
  lab.link(lab.node(1), lab.node(3));
  lab.link(lab.node(3), lab.node(4));
  lab.vlans(4, {1, {7}});
  lab.link(lab.node(2), lab.node(4));
  lab.vlans(4, {1, {8}});
  for (const std::uint32_t host : {0U, 1U, 2U}) lab.own(host, net::LinkType::Vlan, 0, 7);
  EXPECT_EQ(lab.segments_text(), "a0 b0 c0 | a1 b1 | c1 ");
}

TEST(Segments, OfVlansAreOneOnAWireAndTwoOnTwo) {
  Sketch lab{Kind::Host, Kind::Host, Kind::Host};
  lab.link(lab.node(0), lab.node(1));
  lab.link(lab.node(1), lab.node(2));
  lab.own(0, net::LinkType::Vlan, 0, 10);
  lab.own(1, net::LinkType::Vlan, 0, 10);
  lab.own(1, net::LinkType::Vlan, 1, 10);
  lab.own(2, net::LinkType::Vlan, 0, 10);
  EXPECT_EQ(lab.segments_text(), "a0 b0 | b1 c0 | a1 b2 | b3 c1 ");
}

TEST(Segments, OfVlansWithinVlansAreTheirOwn) {
  Sketch lab{Kind::Host, Kind::Host};
  lab.link(lab.node(0), lab.node(1));
  for (const std::uint32_t host : {0U, 1U}) {
    const std::uint32_t outer = lab.own(host, net::LinkType::Vlan, 0, 10);
    lab.own(host, net::LinkType::Vlan, outer, 20);
    lab.own(host, net::LinkType::Vlan, 0, 20);
  }
  EXPECT_EQ(lab.segments_text(), "a0 b0 | a1 b1 | a2 b2 | a3 b3 ");
}

TEST(Segments, OfVlansOnBondsAndMacvlansAreThoseOfTheWire) {
  // Host a has a bond of both links to switch b and VLAN 10 on it, c is in VLAN 10, and d has it on a
  // macvlan.
  Sketch lab{Kind::Host, Kind::Switch, Kind::Host, Kind::Host};
  for (int i = 0; i < 2; ++i) {
    lab.link(lab.node(0), lab.node(1));
    lab.vlans(1, {1, {10}});
  }
  lab.link(lab.node(2), lab.node(1));
  lab.vlans(1, {10, {}});
  lab.link(lab.node(3), lab.node(1));
  lab.vlans(1, {1, {10}});
  const std::uint32_t bond = lab.own(0, net::LinkType::Bond);
  lab.port(0, 0, bond);
  lab.port(0, 1, bond);
  lab.own(0, net::LinkType::Vlan, bond, 10);
  lab.own(3, net::LinkType::Vlan, lab.own(3, net::LinkType::Macvlan, 0), 10);
  EXPECT_EQ(lab.segments_text(), "d0 a2 d1 | c0 a3 d2 ");
}

TEST(Segments, OfVlansOnWhatLeadsNowhereStandAlone) {
  Sketch lab{Kind::Host, Kind::Host};
  for (const std::uint32_t host : {0U, 1U})
    lab.own(host, net::LinkType::Vlan, lab.own(host, net::LinkType::Bond), 10);
  EXPECT_EQ(lab.segments_text(), "a0 | a1 | b0 | b1 ");
}

}  // namespace
}  // namespace hopyard::lab
