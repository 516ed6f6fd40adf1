#include "lower/routing/host_routes.hh"

#include <optional>
#include <tuple>

namespace hopyard::lower::routing {
namespace {

struct Gateway {
  Distance distance;
  IpAddress address;
  friend auto operator<=>(const Gateway&, const Gateway&) = default;
};

std::optional<Gateway> gateway(const lab::Lab& lab, const Graph& graph, const Field& to_exit,
                               std::uint32_t subnet) {
  std::optional<Gateway> best;
  for (const std::uint32_t edge : graph.edges(subnet)) {
    const Attachment& there = graph.attachment(edge);
    if (!lab::is_router(lab.nodes[there.node])) continue;
    const Gateway one{to_exit.distance(there.vertex), there.address};
    if (!best || one < *best) best = one;
  }
  return best;
}

}  // namespace

void add_host_routes(const lab::Lab& lab, const Graph& graph, const Field& to_exit,
                     std::vector<std::vector<net::Route>>& routes) {
  const std::vector<Attachment>& guests = graph.guests();
  for (std::size_t i = 0; i < guests.size();) {
    const std::uint32_t node = guests[i].node;
    std::optional<Gateway> best;
    // All addresses of one interface; then the next interface of the host, unless there was a router.
    while (i < guests.size() && guests[i].node == node && !best) {
      const std::uint32_t interface = guests[i].interface;
      for (; i < guests.size() && guests[i].node == node && guests[i].interface == interface; ++i)
        if (const auto one = gateway(lab, graph, to_exit, guests[i].subnet); one && (!best || *one < *best))
          best = one;
      if (!best) continue;
      net::Route route;
      route.to = Prefix::of(best->address, 0);
      route.next_hops.push_back({best->address, lab.nodes[node].interfaces[interface].name});
      routes[node].push_back(std::move(route));
    }
    while (i < guests.size() && guests[i].node == node) ++i;
  }
}

}  // namespace hopyard::lower::routing
