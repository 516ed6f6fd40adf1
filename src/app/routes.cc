#include "app/routes.hh"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/show.hh"
#include "observe/look.hh"

namespace hopyard::app {

bool RouteFilter::wants(const net::Route& route) const {
  return !table || (route.table == *table && !is_link_local(route));
}

Result<RouteFilter> parse_table(std::string_view word) {
  if (word == "all") return RouteFilter{std::nullopt};
  if (word == "main") return RouteFilter{254};
  if (word == "local") return RouteFilter{255};
  if (word == "default") return RouteFilter{253};
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size())
    return refusal("read the command line", fmt::format("'{}' is no routing table", word),
                   "write all, main, local, default or a number");
  return RouteFilter{number};
}

Result<RoutesNow> routes(const keeper::Registry& registry, const Watching& wanted,
                         const RouteFilter& filter) {
  HOPYARD_TAKE(meant, find_nodes(registry, wanted));
  auto& [client, nodes] = meant;
  RoutesNow now{client.lab(), {}};
  for (const std::string& node : nodes) {
    HOPYARD_TAKE(netns, client.network_namespace(node));
    HOPYARD_TAKE(seen, observe::look(netns.get()));
    std::ranges::stable_sort(seen.routes, {}, [](const net::SeenRoute& one) {
      return std::tuple(one.route.to, one.route.table, one.route.metric);
    });
    for (net::SeenRoute& one : seen.routes)
      if (filter.wants(one.route)) now.list.push_back({node, std::move(one)});
  }
  return now;
}

}  // namespace hopyard::app
