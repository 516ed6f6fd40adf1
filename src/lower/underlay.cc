#include "lower/underlay.hh"

#include <algorithm>

#include "lower/routing/static_routes.hh"

namespace hopyard::lower {
namespace {

using Routes = std::vector<net::Route>;

/// The route that the kernel would take; nullptr for none.
const net::Route* longest(const Routes& routes, const IpAddress& to) {
  const net::Route* best = nullptr;
  for (const net::Route& one : routes)
    if (one.to.contains(to) && (best == nullptr || one.to.length > best->to.length)) best = &one;
  return best;
}

bool same_way(const net::Route* left, const net::Route* right) {
  if (left == nullptr || right == nullptr) return left == right;
  return left->type == right->type &&
         std::ranges::equal(left->next_hops, right->next_hops, [](const auto& one, const auto& other) {
           return one.via == other.via && one.device == other.device;
         });
}

/// True when an interface of @p node has @p to in its prefix: then no route is asked.
bool attached(const lab::Node& node, const IpAddress& to) {
  return std::ranges::any_of(node.interfaces, [&](const lab::Interface& one) {
    return std::ranges::any_of(one.addresses, [&](const auto& own) { return own.prefix().contains(to); });
  });
}

/// Where the outer packets of a tunnel go.
std::optional<IpAddress> destination(const lab::Interface& one) {
  if (!one.settings || one.link == lab::none) return std::nullopt;
  if (!one.settings->peers.empty()) return one.settings->peers.front().endpoint;
  return one.settings->remote;
}

/// Of the tunnels that are links.
std::vector<IpAddress> outer_addresses(const lab::Lab& lab) {
  std::vector<IpAddress> all;
  for (const lab::Node& node : lab.nodes)
    for (const lab::Interface& one : node.interfaces)
      if (const auto to = destination(one)) all.push_back(*to);
  std::ranges::sort(all);
  const auto twice = std::ranges::unique(all);
  all.erase(twice.begin(), twice.end());
  return all;
}

/// The one route to @p to alone.
net::Route& own_route(Routes& routes, const net::Route& way, const IpAddress& to) {
  const Prefix alone = Prefix::of(to, bits(to.family()));
  const auto same = std::ranges::find(routes, alone, &net::Route::to);
  net::Route& own = same == routes.end() ? routes.emplace_back() : *same;
  own = way;
  own.to = alone;
  return own;
}

/// Outer packets carry the address that the other end knows: answers to another one might go by the tunnel,
/// and geneve, which cannot be told, listens to that one alone.
void pin_sources(const lab::Node& node, Routes& routes) {
  for (const lab::Interface& one : node.interfaces) {
    const auto to = destination(one);
    if (!to || !one.settings->local || attached(node, *to)) continue;
    if (const net::Route* way = longest(routes, *to); way != nullptr && !way->next_hops.empty())
      own_route(routes, net::Route(*way), *to).source = one.settings->local;
  }
}

}  // namespace

void keep_outer_packets_out(const lab::Lab& lab, std::span<const lab::Segment> segments,
                            std::vector<Routes>& routes) {
  const std::vector<IpAddress> outer = outer_addresses(lab);
  if (outer.empty()) return;
  std::vector<lab::Segment> below;
  for (const lab::Segment& one : segments)
    if (std::ranges::none_of(one.links, [&](std::uint32_t link) { return lab.links[link].type.has_value(); }))
      below.push_back(one);
  const std::vector<Routes> plain = routing::static_routes(lab, below);
  for (std::size_t node = 0; node < routes.size(); ++node) {
    for (const IpAddress& to : outer) {
      const net::Route* way = longest(plain[node], to);
      if (way != nullptr && !attached(lab.nodes[node], to) && !same_way(way, longest(routes[node], to)))
        (void)own_route(routes[node], *way, to);
    }
    pin_sources(lab.nodes[node], routes[node]);
  }
}

}  // namespace hopyard::lower
