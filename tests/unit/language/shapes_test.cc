#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

/// "a-b a-c": who is linked with whom.
std::string pairs(const std::string& entry) {
  const Reading reading = read_text("links:\n  - " + entry + "\n");
  if (reading.diagnostics.failed()) return said(reading);
  std::string text;
  for (const lab::Link& one : reading.lab.links)
    text.append(text.empty() ? "" : " ")
        .append(reading.lab.nodes[one.ends[0].index].name)
        .append("-")
        .append(reading.lab.nodes[one.ends[1].index].name);
  return text;
}

TEST(Shapes, Chain) {
  EXPECT_EQ(pairs("chain: r[1..4]"), "r1-r2 r2-r3 r3-r4");
  EXPECT_EQ(pairs("chain: [a, 'r[1..2]', b]"), "a-r1 r1-r2 r2-b");
  EXPECT_EQ(pairs("chain: a"), "2:12 this shape takes 2 nodes or more, not 1\n");
}

TEST(Shapes, Ring) {
  EXPECT_EQ(pairs("ring: r[1..3]"), "r1-r2 r2-r3 r3-r1");
  EXPECT_EQ(pairs("ring: r[1..2]"), "2:11 this shape takes 3 nodes or more, not 2\n");
}

TEST(Shapes, Star) {
  EXPECT_EQ(pairs("star: {center: x, leaves: 'h[1..3]'}"), "x-h1 x-h2 x-h3");
  EXPECT_EQ(pairs("star: {center: x}"), "2:11 'star' takes a center and leaves\n");
}

TEST(Shapes, Mesh) {
  EXPECT_EQ(pairs("mesh: [a, b, c, d]"), "a-b a-c a-d b-c b-d c-d");
}

TEST(Shapes, Tree) {
  EXPECT_EQ(pairs("tree: n[0..6]"), "n0-n1 n0-n2 n1-n3 n1-n4 n2-n5 n2-n6");
  EXPECT_EQ(pairs("{tree: 'n[0..4]', fanout: 3}"), "n0-n1 n0-n2 n0-n3 n1-n4");
}

TEST(Shapes, Grid) {
  EXPECT_EQ(pairs("grid: n[1..2][1..3]"), "n11-n12 n11-n21 n12-n13 n12-n22 n13-n23 n21-n22 n22-n23");
  EXPECT_EQ(pairs("{grid: 'n[1..4]', columns: 2}"), "n1-n2 n1-n3 n2-n4 n3-n4");
  EXPECT_EQ(pairs("grid: n[1..4]"), "2:11 a grid of unknown width\n");
  EXPECT_EQ(pairs("{grid: 'n[1..5]', columns: 2}"), "2:12 5 nodes do not fill rows of 2\n");
}

TEST(Shapes, TorusHasNoDoubleLinks) {
  EXPECT_EQ(pairs("torus: n[1..3][1..2]"),
            "n11-n12 n11-n21 n12-n22 n21-n22 n21-n31 n22-n32 n31-n32 n31-n11 n32-n12");
}

TEST(Shapes, ATorusOfThreeByThreeHasFourLinksANode) {
  const Reading reading = read_text("links: [torus: 'n[1..3][1..3]']\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(reading.lab.links.size(), 18U);
  for (const lab::Node& one : reading.lab.nodes) EXPECT_EQ(one.interfaces.size(), 4U);
}

TEST(Shapes, FatTree) {
  const Reading reading =
      read_text("nodes: {core1: {kind: host}, 'h[1..4]_1_1': {env: {POD: '{i}'}}}\nlinks: [fat-tree: 4]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(reading.lab.nodes.size(), 36U);
  EXPECT_EQ(reading.lab.links.size(), 48U);
  std::map<std::string, std::size_t> kinds;
  for (const lab::Node& one : reading.lab.nodes) {
    ++kinds[std::string(lab::kind_name(one.kind))];
    EXPECT_EQ(one.interfaces.size(), one.name.starts_with("h") ? 1U : 4U) << one.name;
  }
  EXPECT_EQ(kinds, (std::map<std::string, std::size_t>{{"host", 17}, {"router", 19}}));
  EXPECT_EQ(node(reading, "h3_1_1").machine.environment.at(0).second, "3");
  EXPECT_EQ(pairs("fat-tree: 3"), "2:15 a fat tree of 3 ports\n");
  EXPECT_EQ(pairs("fat-tree: {k: 2, hosts: 1}"),
            "core1-agg1_1 agg1_1-edge1_1 edge1_1-h1_1_1 core1-agg2_1 agg2_1-edge2_1 edge2_1-h2_1_1");
}

TEST(Shapes, EachCoreOfAFatTreeReachesEachPodOnce) {
  const Reading reading = read_text("links: [fat-tree: 6]\n");
  std::map<std::string, std::set<char>> pods;
  for (const lab::Link& one : reading.lab.links) {
    const std::string& left = reading.lab.nodes[one.ends[0].index].name;
    const std::string& right = reading.lab.nodes[one.ends[1].index].name;
    if (left.starts_with("core")) {
      EXPECT_TRUE(pods[left].insert(right.at(3)).second) << left << " " << right;
    }
  }
  EXPECT_EQ(pods.size(), 9U);
  for (const auto& [core, reached] : pods) EXPECT_EQ(reached.size(), 6U) << core;
}

TEST(Shapes, ValuesBesideThemAreThoseOfEachLink) {
  const Reading reading =
      read_text("links:\n  - chain: r[1..3]\n    subnet: 10.1.{i}.0/24\n    cost: j\n    delay: 3ms\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(addresses(node(reading, "r2")), "eth0=10.1.1.2/24 eth1=10.1.2.1/24");
  EXPECT_EQ(reading.lab.links.at(1).cost, 3U);
}

}  // namespace
}  // namespace hopyard::language::test
