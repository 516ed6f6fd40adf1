#include "lower/routing/trie.hh"

#include <algorithm>

#include "lower/routing/aggregate.hh"

namespace hopyard::lower::routing {
namespace {

/// The longest prefix that holds both.
Prefix common(const Prefix& left, const Prefix& right) {
  std::uint8_t length = 0;
  const std::uint8_t most = std::min(left.length, right.length);
  while (length < most && left.address.bit(length) == right.address.bit(length)) ++length;
  return Prefix::of(left.address, length);
}

}  // namespace

Trie::Trie(Family family, std::vector<Known> known) {
  known.push_back({Prefix::of(family == Family::V4 ? IpAddress::v4(0) : *IpAddress::parse("::"), 0)});
  std::sort(known.begin(), known.end());
  nodes_.reserve(2 * known.size());
  build(known);
}

/// @p known is in order: a prefix comes before those within it. Recurses at most once for each bit of an
/// address.
std::uint32_t Trie::build(Range known) {
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  Node node;
  node.prefix = common(known.front().prefix, known.back().prefix);
  const auto rest =
      std::find_if(known.begin(), known.end(), [&](const Known& one) { return one.prefix != node.prefix; });
  settle(node, {known.begin(), rest});
  nodes_.push_back(node);
  const auto middle = std::partition_point(
      rest, known.end(), [&](const Known& one) { return !one.prefix.address.bit(node.prefix.length); });
  const Range halves[2] = {{rest, middle}, {middle, known.end()}};
  for (int half = 0; half < 2; ++half) {
    if (halves[half].empty()) continue;
    const std::uint32_t child = node.child[half] = build(halves[half]);
    node.low = std::min(node.low, nodes_[child].low);
    node.high = std::max(node.high, nodes_[child].high);
  }
  node.end = static_cast<std::uint32_t>(nodes_.size());
  aggregate_two(*this, node);
  nodes_[index] = node;
  return index;
}

/// @p same are all the entries of the node's own prefix.
void Trie::settle(Node& node, Range same) {
  std::vector<std::uint32_t> places;
  for (const Known& one : same)
    if (one.place != Known::no_place && (places.empty() || places.back() != one.place))
      places.push_back(one.place);
  if (places.empty()) return;
  node.low = places.front();
  node.high = places.back();
  if (places.size() == 1) {
    node.place = places.front();
  } else {
    node.scattered = static_cast<std::uint32_t>(scattered_.size());
    scattered_.push_back(std::move(places));
  }
}

std::uint32_t Trie::find(const Prefix& prefix) const {
  std::uint32_t index = 0;
  while (index != no_node) {
    const Node& node = nodes_[index];
    if (node.prefix == prefix) return index;
    if (node.prefix.length >= prefix.length || !node.prefix.contains(prefix)) return no_node;
    index = node.child[prefix.address.bit(node.prefix.length) ? 1 : 0];
  }
  return no_node;
}

}  // namespace hopyard::lower::routing
