#pragma once

#include <cstdint>
#include <vector>

#include "lower/routing/graph.hh"

namespace hopyard::lower::routing {

/// Numbers for the vertices such that all that lies beyond a bridge of the graph is one stretch of numbers,
/// or all but one.
///
/// They are the order in which a depth-first search first meets the vertices (Tarjan, "A note on finding the
/// bridges of a graph", 1974): the subtree below a vertex v is numbers[v] to last[v], and the edge to v is a
/// bridge exactly when no edge leaves that subtree but itself. A router that knows the way to a bridge knows
/// it for the whole stretch behind it.
struct Numbering {
  /// The part of the graph that one can get to from anywhere within it. Its numbers are first to last.
  struct Component {
    std::uint32_t first;
    std::uint32_t last;
  };
  std::vector<std::uint32_t> number;     ///< by vertex; none where no forwarding router gets
  std::vector<std::uint32_t> last;       ///< by vertex: the highest number below it in the search's tree
  std::vector<std::uint32_t> component;  ///< by vertex; none where no forwarding router gets
  std::vector<bool> bridge;              ///< by attachment: without it, its ends would be apart
  std::vector<Component> components;     ///< in the order of their first routers
};

[[nodiscard]] Numbering number_vertices(const Graph& graph);

}  // namespace hopyard::lower::routing
