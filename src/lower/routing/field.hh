#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lower/routing/graph.hh"
#include "lower/routing/labels.hh"
#include "lower/routing/queue.hh"

namespace hopyard::lower::routing {

/// How far every vertex is from the nearest of some targets, along the way that packets go: Dijkstra's
/// algorithm from the targets backwards, once for the whole graph. For what has several places: the exits,
/// and a prefix that is in more than one subnet.
class Field {
 public:
  static constexpr Distance unreachable = UINT64_MAX;

  /// One place of a target. Of two equally near targets only the one of lower rank counts; with equal ranks
  /// both do.
  struct Target {
    std::uint32_t vertex;
    std::uint32_t rank = 0;
  };
  Field(const Graph& graph, std::span<const Target> targets);

  [[nodiscard]] Distance distance(std::uint32_t vertex) const { return nearest_[vertex].distance; }
  /// All hops of @p router that lead to the targets by shortest paths; none if it is a target or cannot get
  /// to one. Each hop leads to a vertex that is nearer to the same target, so following them ends there.
  [[nodiscard]] std::vector<Hop> hops(const Graph& graph, std::uint32_t router) const;

 private:
  struct Nearest {
    Distance distance = unreachable;
    std::uint32_t rank = 0;
    friend constexpr auto operator<=>(const Nearest&, const Nearest&) = default;
  };
  std::vector<Nearest> nearest_;  // by vertex
};

}  // namespace hopyard::lower::routing
