// Random labs, and every route of them followed: what is known is reached over all shortest paths and no
// other, what is not known reaches the exit and stops there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/unit/lower/labs.hh"
#include "tests/unit/lower/world.hh"

namespace hopyard::lower::test {
namespace {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }
  bool one_in(std::uint32_t bound) { return below(bound) == 0; }

 private:
  std::mt19937 engine_;  // the standard fixes its numbers, not those of distributions
};

/// Prefixes that are near each other, often inside each other, sometimes the same.
struct Prefixes {
  Family family;
  Dice& dice;
  std::uint32_t next = 0;

  std::string address(const std::string& subnet, unsigned length, std::uint32_t host) const {
    const IpAddress base = *IpAddress::parse(subnet);
    return fmt::format("{}/{} ", base.plus(host).text(), length);
  }
  /// A prefix for four hosts or more: its first address and length.
  std::pair<std::string, unsigned> draw() {
    const bool nested = dice.one_in(4);
    const std::uint32_t index = dice.one_in(12) && next > 0 ? dice.below(next) : next++;
    const unsigned below_bits = nested ? 5 + dice.below(4) : 3;
    const std::uint32_t bits_of_index = (index * 8) >> below_bits << below_bits;
    const unsigned whole = bits(family);
    const IpAddress base = *IpAddress::parse(family == Family::V4 ? "10.0.0.0" : "fd00::");
    return {base.plus(bits_of_index).text(), whole - below_bits};
  }
};

lab::Lab random_lab(Dice& dice, Family family) {
  Builder builder;
  Prefixes prefixes{family, dice};
  const std::uint32_t nodes = 2 + dice.below(9);
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const bool host = dice.one_in(5);
    const std::uint32_t node =
        host ? builder.host(fmt::format("n{}", i)) : builder.router(fmt::format("n{}", i));
    if (!host && dice.one_in(8)) builder[node].routing = lab::Routing::None;
    if (dice.one_in(3)) {
      const auto [base, length] = prefixes.draw();
      builder.loopback(node, prefixes.address(base, dice.one_in(2) ? bits(family) : length, 5));
    }
  }
  const std::uint32_t costs = dice.one_in(2) ? 1 : 3;
  const std::uint32_t wires = nodes - 1 + dice.below(nodes);
  for (std::uint32_t i = 0; i < wires; ++i) {
    const std::uint32_t left = dice.below(nodes);
    const std::uint32_t right = dice.one_in(3) ? dice.below(nodes) : (left + 1) % nodes;
    if (left == right) continue;
    const auto [base, length] = prefixes.draw();
    builder.link(left, prefixes.address(base, length, 1), right, prefixes.address(base, length, 2),
                 1 + dice.below(costs));
  }
  for (std::uint32_t i = dice.below(3); i > 0; --i) {
    const std::uint32_t network = builder.network(fmt::format("lan{}", i));
    const auto [base, length] = prefixes.draw();
    std::uint32_t host = 0;
    for (std::uint32_t node = 0; node < nodes; ++node)
      if (dice.one_in(3) && host < 6)
        builder.attach(node, prefixes.address(base, length, ++host), network, 1 + dice.below(costs));
  }
  // Exits of the person's choice, now and then; what such a route does there does not matter.
  for (std::uint32_t i = dice.one_in(3) ? 1 + dice.below(3) : 0; i > 0; --i)
    if (const std::uint32_t node = dice.below(nodes); builder[node].kind == lab::Kind::Router)
      builder.route(node, family == Family::V4 ? "unreachable 0.0.0.0/0" : "unreachable ::/0");
  return std::move(builder.lab());
}

/// One lab, and what is known of it from the outside.
class Check {
 public:
  Check(const lab::Lab& lab, Family family)
      : lab_(lab), world_(lab, static_routes(lab), family), known_(world_.prefixes()) {
    for (const auto& [prefix, places] : known_) maps_[prefix] = world_.distances(places);
    find_exits();
  }

  void address(const IpAddress& address) {
    for (std::uint32_t node = 0; node < lab_.nodes.size(); ++node)
      if (world_.forwards(node)) at(node, address);
  }
  [[nodiscard]] const std::map<Prefix, std::vector<World::Place>>& known() const { return known_; }

 private:
  /// Each component's exits: those that were given, else the first router of the component.
  void find_exits() {
    exit_of_.assign(lab_.nodes.size(), lab::none);
    for (std::uint32_t exit = 0; exit < lab_.nodes.size(); ++exit)
      if (!lab_.nodes[exit].routes.empty()) to_exit_[exit] = world_.distances({{lab::none, exit}});
    for (std::uint32_t node = 0; node < lab_.nodes.size(); ++node) {
      if (!world_.forwards(node)) continue;
      World::Distance nearest = World::far;
      for (const auto& [exit, map] : to_exit_) {
        if (map.node[node] >= nearest) continue;
        nearest = map.node[node];
        exit_of_[node] = exit;
      }
      if (exit_of_[node] != lab::none) continue;
      to_exit_[node] = world_.distances({{lab::none, node}});
      exit_of_[node] = node;
    }
  }

  /// The longest known prefix of the address that @p node could get to.
  [[nodiscard]] const Prefix* destination(std::uint32_t node, const IpAddress& address) const {
    const Prefix* best = nullptr;
    for (const auto& [prefix, map] : maps_)
      if (prefix.contains(address) && map.node[node] < World::far &&
          (best == nullptr || prefix.length > best->length))
        best = &prefix;
    return best;
  }

  void at(std::uint32_t node, const IpAddress& address) const {
    const Step step = world_.step(node, address);
    if (step.kind == Step::Kind::Here) return;
    const Prefix* prefix = destination(node, address);
    const std::string what = fmt::format("{} at {} (prefix {})", address.text(), lab_.nodes[node].name,
                                         prefix != nullptr ? prefix->text() : "none");
    if (step.kind == Step::Kind::OnLink) {
      ASSERT_NE(prefix, nullptr) << what;
      ASSERT_EQ(world_.subnets()[step.subnet].prefix, *prefix) << what;
      return;
    }
    const World::Map& map = prefix != nullptr ? maps_.at(*prefix) : to_exit_.at(exit_of_[node]);
    if (map.node[node] == 0) {
      // The exit itself (a place that is known would have been Here, or has nothing more specific to say).
      ASSERT_TRUE(prefix != nullptr || step.kind == Step::Kind::Unreachable) << what;
      return;
    }
    ASSERT_EQ(step.kind, Step::Kind::Forward) << what;
    EXPECT_EQ(step.ways, world_.shortest_ways(node, map)) << what;
    for (const Way& way : step.ways) {
      const std::uint32_t next = world_.behind(node, way);
      ASSERT_NE(next, lab::none) << what;
      EXPECT_LT(map.node[next], map.node[node]) << what;
    }
  }

  const lab::Lab& lab_;
  World world_;
  std::map<Prefix, std::vector<World::Place>> known_;
  std::map<Prefix, World::Map> maps_;
  std::vector<std::uint32_t> exit_of_;
  std::map<std::uint32_t, World::Map> to_exit_;
};

void check_lab(const lab::Lab& lab, Family family, Dice& dice) {
  Check check(lab, family);
  std::set<IpAddress> addresses;
  for (const auto& [prefix, places] : check.known()) {
    addresses.insert({prefix.address, prefix.address.plus(2), prefix.last(), prefix.last().plus(1)});
    addresses.insert(prefix.address.plus(dice.below(64)));
  }
  for (const char* unknown :
       {"0.0.0.0", "8.8.8.8", "10.0.4.77", "10.255.255.255", "::1:2:3", "2001:db8::1", "fd00::7:7"})
    if (const IpAddress one = *IpAddress::parse(unknown); one.family() == family) addresses.insert(one);
  for (const IpAddress& one : addresses) check.address(one);
}

class RandomLabs : public testing::TestWithParam<Family> {};

TEST_P(RandomLabs, AreRoutedAlongAllShortestPathsAndNoOther) {
  const std::uint32_t labs = std::getenv("HOPYARD_TEST_LONG") != nullptr ? 20000 : 600;
  for (std::uint32_t seed = 0; seed < labs && !HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Dice dice(seed);
    const lab::Lab lab = random_lab(dice, GetParam());
    check_lab(lab, GetParam(), dice);
  }
}

INSTANTIATE_TEST_SUITE_P(Both, RandomLabs, testing::Values(Family::V4, Family::V6),
                         [](const auto& one) { return one.param == Family::V4 ? "V4" : "V6"; });

TEST(Shapes, AreRoutedAlongAllShortestPathsAndNoOther) {
  Dice dice(1);
  for (const lab::Lab& lab : {chain(20), ring(7), ring(8), tree(31, 3), star(9), mesh(6), grid(4, false),
                              grid(4, true), fat_tree(4)})
    check_lab(lab, Family::V4, dice);
}

}  // namespace
}  // namespace hopyard::lower::test
