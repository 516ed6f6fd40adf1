#include "lower/routing/field.hh"

namespace hopyard::lower::routing {

Field::Field(const Graph& graph, std::span<const Target> targets) : nearest_(graph.vertices()) {
  Queue queue(false);
  const auto reach = [&](std::uint32_t vertex, Nearest by) {
    if (by >= nearest_[vertex]) return;
    nearest_[vertex] = by;
    queue.push(vertex, by.distance, graph.is_subnet(vertex));
  };
  for (const Target& target : targets) reach(target.vertex, {0, target.rank});
  std::uint32_t vertex = 0;
  Distance distance = 0;
  while (queue.pop(vertex, distance)) {
    const Nearest here = nearest_[vertex];
    if (here.distance != distance) continue;  // a nearer way was found since
    for (const std::uint32_t index : graph.edges(vertex)) {
      const Attachment& edge = graph.attachment(index);
      if (vertex == edge.vertex)
        reach(edge.subnet, here);  // a packet arrives at the node here: for nothing
      else if (graph.is_router(edge.vertex))
        reach(edge.vertex, {here.distance + edge.cost, here.rank});
    }
  }
}

std::vector<Hop> Field::hops(const Graph& graph, std::uint32_t router) const {
  std::vector<Hop> found;
  const Nearest here = nearest_[router];
  if (here.distance == 0 || here.distance == unreachable) return found;
  for (const std::uint32_t own : graph.edges(router)) {
    const Attachment& out = graph.attachment(own);
    Nearest beyond = nearest_[out.subnet];
    if (beyond.distance == unreachable || beyond.distance + out.cost != here.distance) continue;
    if (beyond.rank != here.rank) continue;
    for (const std::uint32_t next : graph.edges(out.subnet))
      if (nearest_[graph.attachment(next).vertex] == beyond) found.push_back({own, next});
  }
  return found;
}

}  // namespace hopyard::lower::routing
