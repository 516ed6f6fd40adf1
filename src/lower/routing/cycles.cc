#include "lower/routing/cycles.hh"

#include <algorithm>

namespace hopyard::lower::routing {
namespace {

/// The vertices that one can get to from @p start without crossing a bridge.
std::vector<std::uint32_t> between_bridges(const Graph& graph, const Numbering& numbering,
                                           std::uint32_t start, std::vector<bool>& seen) {
  std::vector<std::uint32_t> found{start};
  seen[start] = true;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const std::uint32_t edge : graph.edges(found[i])) {
      const std::uint32_t other = graph.across(graph.attachment(edge), found[i]);
      if (numbering.bridge[edge] || seen[other]) continue;
      seen[other] = true;
      found.push_back(other);
    }
  }
  return found;
}

bool is_cycle(const Graph& graph, const Numbering& numbering, const std::vector<std::uint32_t>& vertices) {
  // Two attachments of one router to one subnet are a ring of two, which is none worth going round.
  return vertices.size() > 2 && std::all_of(vertices.begin(), vertices.end(), [&](std::uint32_t vertex) {
           const auto edges = graph.edges(vertex);
           return std::count_if(edges.begin(), edges.end(),
                                [&](std::uint32_t edge) { return !numbering.bridge[edge]; }) == 2;
         });
}

std::uint32_t edge_between(const Graph& graph, std::uint32_t from, std::uint32_t to) {
  for (const std::uint32_t edge : graph.edges(from))
    if (graph.across(graph.attachment(edge), from) == to) return edge;
  return none;
}

Cycle measured(const Graph& graph, const Numbering& numbering, std::vector<std::uint32_t> vertices) {
  Cycle cycle;
  cycle.vertices = std::move(vertices);
  std::sort(cycle.vertices.begin(), cycle.vertices.end(), [&](std::uint32_t left, std::uint32_t right) {
    return numbering.number[left] < numbering.number[right];
  });
  cycle.onward.push_back(0);
  cycle.back.push_back(0);
  for (std::uint32_t i = 0; i < cycle.size(); ++i) {
    const std::uint32_t here = cycle.vertices[i];
    const std::uint32_t edge = edge_between(graph, here, cycle.vertices[(i + 1) % cycle.size()]);
    const Distance cost = graph.attachment(edge).cost;  // of leaving the node; leaving the subnet is free
    cycle.edges.push_back(edge);
    cycle.onward.push_back(cycle.onward.back() + (graph.is_subnet(here) ? 0 : cost));
    cycle.back.push_back(cycle.back.back() + (graph.is_subnet(here) ? cost : 0));
  }
  return cycle;
}

/// What prefix sums @p sums say of the @p steps from @p from on, around the ring.
Distance around(const std::vector<Distance>& sums, std::uint32_t from, std::uint32_t steps) {
  const auto size = static_cast<std::uint32_t>(sums.size() - 1);
  const std::uint32_t to = from + steps;
  return to <= size ? sums[to] - sums[from] : sums[size] - sums[from] + sums[to - size];
}

}  // namespace

Distance Cycle::cost_onward(std::uint32_t from, std::uint32_t steps) const {
  return around(onward, from, steps);
}

Distance Cycle::cost_back(std::uint32_t from, std::uint32_t steps) const {
  return around(back, (from + steps) % size(), size() - steps);
}

std::uint32_t Cycle::turning_point(std::uint32_t from) const {
  // With each step the way onward gets longer or the way back shorter, so that they change places once.
  std::uint32_t low = 1;
  std::uint32_t high = size();
  while (low < high) {
    const std::uint32_t middle = (low + high) / 2;
    if (cost_onward(from, middle) >= cost_back(from, middle))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

Cycles find_cycles(const Graph& graph, const Numbering& numbering) {
  Cycles cycles;
  cycles.of.assign(graph.vertices(), none);
  cycles.position.assign(graph.vertices(), none);
  std::vector<bool> seen(graph.vertices(), false);
  for (std::uint32_t vertex = 0; vertex < graph.vertices(); ++vertex) {
    if (seen[vertex] || numbering.number[vertex] == none) continue;
    auto vertices = between_bridges(graph, numbering, vertex, seen);
    if (!is_cycle(graph, numbering, vertices)) continue;
    const Cycle& made = cycles.all.emplace_back(measured(graph, numbering, std::move(vertices)));
    for (std::uint32_t i = 0; i < made.size(); ++i) {
      cycles.of[made.vertices[i]] = static_cast<std::uint32_t>(cycles.all.size() - 1);
      cycles.position[made.vertices[i]] = i;
    }
  }
  return cycles;
}

}  // namespace hopyard::lower::routing
