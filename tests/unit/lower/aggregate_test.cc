// The fewest routes: against every possible table where that can be counted out, and against a plain
// recurrence beyond.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "lower/routing/aggregate.hh"

namespace hopyard::lower::routing {
namespace {

/// A world of 2^depth addresses: the first bits of IPv4 addresses, as a heap (node 1 is everything, 2n and 2n
/// + 1 its halves).
struct World {
  unsigned depth;
  std::map<unsigned, Label> known;   // by heap node
  std::map<unsigned, Label> pinned;  // by heap node; also known there, as a connected subnet is
  Label outside;

  [[nodiscard]] unsigned leaves() const { return 1U << depth; }
  [[nodiscard]] static unsigned length(unsigned node) {
    return static_cast<unsigned>(std::bit_width(node)) - 1;
  }
  [[nodiscard]] static Prefix prefix(unsigned node) {
    const unsigned bits_used = length(node);
    const std::uint32_t value = bits_used == 0 ? 0 : (node - (1U << bits_used)) << (32 - bits_used);
    return {IpAddress::v4(value), static_cast<std::uint8_t>(bits_used)};
  }
  /// What is to be done with the addresses of a leaf.
  [[nodiscard]] Label meaning(unsigned leaf) const {
    for (unsigned node = leaves() + leaf; node != 0; node /= 2) {
      if (const auto pin = pinned.find(node); pin != pinned.end()) return pin->second;
      if (const auto one = known.find(node); one != known.end()) return one->second;
    }
    return outside;
  }
  /// What a table of routes does with them, the pins being there too.
  [[nodiscard]] Label result(const std::map<unsigned, Label>& routes, unsigned leaf) const {
    for (unsigned node = leaves() + leaf; node != 0; node /= 2) {
      if (const auto pin = pinned.find(node); pin != pinned.end()) return pin->second;
      if (const auto one = routes.find(node); one != routes.end()) return one->second;
    }
    return Labels::no_label;
  }
};

std::map<unsigned, Label> aggregated(const World& world) {
  std::vector<Known> known;
  Line line;
  std::uint32_t number = 0;
  for (const auto& [node, label] : world.known) {
    line.from(number, label);
    known.push_back({World::prefix(node), number++});
  }
  if (known.empty()) line.from(0, world.outside);
  for (const auto& [node, label] : world.pinned)
    if (!world.known.contains(node)) known.push_back({World::prefix(node)});
  const Trie trie(Family::V4, known);
  std::vector<Pin> pins;
  for (const auto& [node, label] : world.pinned) pins.push_back({trie.find(World::prefix(node)), label});
  std::sort(pins.begin(), pins.end(),
            [](const Pin& left, const Pin& right) { return left.node < right.node; });
  Aggregator aggregator;
  std::map<unsigned, Label> routes;
  for (const Chosen& one : aggregator.run(trie, line, {}, pins, world.outside)) {
    EXPECT_LE(one.to.length, world.depth);
    const std::uint8_t* bytes = one.to.address.data();
    const std::uint32_t value = std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U;
    const unsigned node = (1U << one.to.length) + (one.to.length == 0 ? 0 : value >> (32U - one.to.length));
    EXPECT_TRUE(routes.emplace(node, one.label).second) << "two routes for " << one.to.text();
  }
  return routes;
}

bool right(const World& world, const std::map<unsigned, Label>& routes) {
  for (unsigned leaf = 0; leaf < world.leaves(); ++leaf)
    if (world.result(routes, leaf) != world.meaning(leaf)) return false;
  return true;
}

constexpr Label labels = 4;

/// The size of the smallest table that is right, found by trying every table there is.
std::size_t smallest_of_all(const World& world) {
  const unsigned nodes = 2 * world.leaves() - 1;
  std::size_t tables = 1;
  for (unsigned i = 0; i < nodes; ++i) tables *= labels + 1;
  std::size_t best = nodes + 1;
  for (std::size_t table = 0; table < tables; ++table) {
    std::map<unsigned, Label> routes;
    std::size_t rest = table;
    for (unsigned node = 1; node <= nodes; ++node, rest /= labels + 1)
      if (rest % (labels + 1) != 0) routes[node] = static_cast<Label>(rest % (labels + 1) - 1);
    const bool on_pin = std::any_of(routes.begin(), routes.end(),
                                    [&](const auto& one) { return world.pinned.contains(one.first); });
    if (routes.size() < best && !on_pin && right(world, routes)) best = routes.size();
  }
  return best;
}

/// The same by recurrence over nodes and what they inherit, without any notion of which labels fit.
std::size_t smallest(const World& world, unsigned node, Label inherited) {
  const auto below = [&](Label label) {
    if (node >= world.leaves())
      return label == world.meaning(node - world.leaves()) ? std::size_t{0} : std::size_t{1000};
    return smallest(world, 2 * node, label) + smallest(world, 2 * node + 1, label);
  };
  if (const auto pin = world.pinned.find(node); pin != world.pinned.end()) return below(pin->second);
  std::size_t best = below(inherited);
  for (Label label = 0; label < labels; ++label) best = std::min(best, 1 + below(label));
  return best;
}

World random_world(std::mt19937& engine, unsigned depth) {
  World world{depth, {}, {}, static_cast<Label>(engine() % labels)};
  const unsigned nodes = 2U << depth;
  for (unsigned node = 2; node < nodes; ++node) {
    if (engine() % 3 == 0) world.known[node] = static_cast<Label>(engine() % labels);
    if (engine() % 9 == 0) world.pinned[node] = static_cast<Label>(engine() % labels);
  }
  if (engine() % 4 == 0) world.pinned[1] = world.outside;
  return world;
}

TEST(Aggregate, FindsTheSmallestTableOfAllThatThereAre) {
  std::mt19937 engine(1);
  for (int i = 0; i < 15; ++i) {
    const World world = random_world(engine, 2);
    const auto routes = aggregated(world);
    ASSERT_TRUE(right(world, routes)) << i;
    ASSERT_EQ(routes.size(), smallest_of_all(world)) << i;
  }
}

TEST(Aggregate, FindsTheSmallestTableOfLargerWorlds) {
  std::mt19937 engine(2);
  for (int i = 0; i < 400; ++i) {
    const World world = random_world(engine, 3 + static_cast<unsigned>(i) % 2);
    const auto routes = aggregated(world);
    ASSERT_TRUE(right(world, routes)) << i;
    ASSERT_EQ(routes.size(), smallest(world, 1, Labels::no_label)) << i;
  }
}

TEST(Aggregate, SkipsWhatLooksTheSameWithoutChangingTheAnswer) {
  // Few known prefixes far apart: long gaps in the trie, and whole subtrees with one label.
  std::mt19937 engine(3);
  for (int i = 0; i < 300; ++i) {
    World world{6, {}, {}, static_cast<Label>(engine() % 2)};
    for (int known = 0; known < 12; ++known)
      world.known[2 + engine() % 126] = static_cast<Label>(engine() % 2);
    const auto routes = aggregated(world);
    ASSERT_TRUE(right(world, routes)) << i;
    World two = world;
    ASSERT_LE(routes.size(), two.known.size() + 1) << i;
  }
}

TEST(Aggregate, WritesAPinThatIsToBeComputed) {
  const Trie trie(Family::V4, {{*Prefix::parse("10.0.0.0/8"), 0}, {*Prefix::parse("10.1.0.0/16")}});
  Line line;
  line.from(0, 1);
  const Pin spare{trie.find(*Prefix::parse("10.1.0.0/16")), 1, true};
  Aggregator aggregator;
  std::string text;
  for (const Chosen& one : aggregator.run(trie, line, {}, {&spare, 1}, 1))
    text += fmt::format("{}={} ", one.to.text(), one.label);
  EXPECT_EQ(text, "0.0.0.0/0=1 10.1.0.0/16=1 ");
}

}  // namespace
}  // namespace hopyard::lower::routing
