#pragma once

#include <cstdint>
#include <vector>

#include "lower/routing/graph.hh"
#include "lower/routing/numbering.hh"
#include "lower/routing/queue.hh"

namespace hopyard::lower::routing {

/// A ring: vertices that no bridge separates, each with exactly two neighbours among them. Who stands on a
/// ring need not search it: up to some vertex one way round is shorter, from there on the other.
struct Cycle {
  std::vector<std::uint32_t> vertices;  ///< in order of their numbers, which is the order around the ring
  std::vector<std::uint32_t> edges;     ///< attachments: edges[i] joins vertices[i] and the next one
  std::vector<Distance>
      onward;  ///< onward[i]: the cost from vertices[0] to vertices[i] in their order; one more: all round
  std::vector<Distance>
      back;  ///< back[i]: the cost from vertices[i] to vertices[0] against it; one more: all round

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(vertices.size()); }
  /// The costs from the vertex at @p from to the one @p steps further on (1 to size() - 1), the two ways
  /// round.
  [[nodiscard]] Distance cost_onward(std::uint32_t from, std::uint32_t steps) const;
  [[nodiscard]] Distance cost_back(std::uint32_t from, std::uint32_t steps) const;
  /// The fewest steps onward from @p from to a vertex that is no further away the other way round.
  [[nodiscard]] std::uint32_t turning_point(std::uint32_t from) const;
};

struct Cycles {
  std::vector<Cycle> all;
  std::vector<std::uint32_t> of;        ///< by vertex: the ring that it is on; none
  std::vector<std::uint32_t> position;  ///< by vertex: where on its ring
};

[[nodiscard]] Cycles find_cycles(const Graph& graph, const Numbering& numbering);

}  // namespace hopyard::lower::routing
