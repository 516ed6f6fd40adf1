#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/ip.hh"

namespace hopyard::lower::routing {

/// A prefix that packets have to find, or that the routes have to stop at.
struct Known {
  static constexpr std::uint32_t no_place = UINT32_MAX;
  Prefix prefix;
  std::uint32_t place = no_place;  ///< the number of the vertex it is at; no_place: a mark only
  friend constexpr auto operator<=>(const Known&, const Known&) = default;
};

/// All known prefixes of a component, as a binary trie without the nodes that decide nothing (Morrison's
/// PATRICIA, 1968). Nodes stand in preorder: what is below node n is n + 1 to n.end - 1. Node 0 is the
/// default route's prefix, known or not.
class Trie {
 public:
  static constexpr std::uint32_t no_node = UINT32_MAX;

  struct Node {
    Prefix prefix;
    std::uint32_t child[2] = {no_node, no_node};
    std::uint32_t end = 0;
    std::uint32_t low = UINT32_MAX;         ///< lowest number of a vertex that a prefix from here down is at;
    std::uint32_t high = 0;                 ///< and the highest; low > high: there is no such prefix
    std::uint32_t place = Known::no_place;  ///< the number of the vertex that the prefix itself is at,
    std::uint32_t scattered = Known::no_place;  ///< or, if it is at several, its index in scattered()
    // What router-independent aggregation finds below this node if all known prefixes there share one label
    // ("inside") and all other addresses there have another ("outside"); see aggregate.hh.
    bool inside_fits = false;
    bool outside_fits = false;
    std::uint32_t routes = 0;
    [[nodiscard]] bool known() const { return place != Known::no_place || scattered != Known::no_place; }
    [[nodiscard]] bool any_known() const { return low <= high; }
  };

  /// @param known in any order; the same prefix may be at several places.
  Trie(Family family, std::vector<Known> known);

  [[nodiscard]] const Node& operator[](std::uint32_t node) const { return nodes_[node]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
  /// The node of exactly @p prefix; no_node if there is none.
  [[nodiscard]] std::uint32_t find(const Prefix& prefix) const;
  /// For each prefix that is at several vertices: their numbers.
  [[nodiscard]] const std::vector<std::vector<std::uint32_t>>& scattered() const { return scattered_; }

 private:
  using Range = std::span<const Known>;
  std::uint32_t build(Range known);
  void settle(Node& node, Range same);

  std::vector<Node> nodes_;
  std::vector<std::vector<std::uint32_t>> scattered_;
};

/// The bits between a node and the child @p below: 0 when it is the node's very half.
[[nodiscard]] inline unsigned gap(const Trie::Node& node, const Trie::Node& below) {
  return below.prefix.length - node.prefix.length - 1U;
}

}  // namespace hopyard::lower::routing
