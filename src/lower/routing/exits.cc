#include "lower/routing/exits.hh"

#include <algorithm>

#include "lower/routing/pins.hh"

namespace hopyard::lower::routing {
namespace {

bool is_default(const net::Route& route, Family family) {
  return route.to.length == 0 && route.to.family() == family && in_main_table(route);
}

/// True when all ways that @p route takes are addresses of routers whose routes are computed.
bool leads_back(const net::Route& route, const std::vector<IpAddress>& routers) {
  return !route.next_hops.empty() &&
         std::all_of(route.next_hops.begin(), route.next_hops.end(), [&](const net::NextHop& hop) {
           return hop.via && std::binary_search(routers.begin(), routers.end(), *hop.via);
         });
}

std::vector<IpAddress> router_addresses(const Graph& graph) {
  std::vector<IpAddress> found;
  for (std::uint32_t i = 0; i < graph.attachments(); ++i)
    if (graph.is_router(graph.attachment(i).vertex)) found.push_back(graph.attachment(i).address);
  std::sort(found.begin(), found.end());
  return found;
}

/// By node: whether the person gave it a default route out.
std::vector<bool> nodes_with_a_way_out(const lab::Lab& lab, const Graph& graph) {
  std::vector<bool> found(lab.nodes.size(), false);
  std::vector<IpAddress> routers;
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) {
    if (!lab::is_router(lab.nodes[i])) continue;
    for (const net::Route& route : lab.nodes[i].routes) {
      if (!is_default(route, graph.family())) continue;
      if (routers.empty()) routers = router_addresses(graph);
      if (!leads_back(route, routers)) found[i] = true;
    }
  }
  return found;
}

}  // namespace

std::vector<Field::Target> exits(const lab::Lab& lab, const Graph& graph, const Numbering& numbering) {
  const std::vector<bool> way_out = nodes_with_a_way_out(lab, graph);
  std::vector<bool> has_exit(numbering.components.size(), false);
  std::vector<Field::Target> targets;
  for (std::uint32_t vertex = 0; vertex < graph.vertices(); ++vertex) {
    const std::uint32_t node = graph.node(vertex);
    if (node == none || !way_out[node] || numbering.component[vertex] == none) continue;
    has_exit[numbering.component[vertex]] = true;
    targets.push_back({vertex, node});
  }
  for (std::uint32_t router = 0; router < graph.routers(); ++router) {
    const std::uint32_t component = numbering.component[router];
    if (has_exit[component]) continue;
    has_exit[component] = true;
    targets.push_back({router, graph.node(router)});
  }
  return targets;
}

}  // namespace hopyard::lower::routing
