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
    lab_.links.push_back(std::move(link));
  }
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

}  // namespace
}  // namespace hopyard::lab
