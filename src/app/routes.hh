#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/lab_watch.hh"

namespace hopyard::app {

/// Which routes are of interest.
struct RouteFilter {
  std::optional<std::uint32_t> table = 254;  ///< nothing: those of all tables, without exception

  /// Of one table, the link-local ones that every interface has are left out.
  [[nodiscard]] bool wants(const net::Route& route) const;
};

/// "all", "main", "local", "default" or a number; the error is one of the command line.
[[nodiscard]] Result<RouteFilter> parse_table(std::string_view word);

struct NodeRoute {
  std::string node;
  net::SeenRoute seen;
};

struct RoutesNow {
  std::string lab;
  std::vector<NodeRoute> list;  ///< node by node, by destination
};

/// What the kernels of the nodes have now.
[[nodiscard]] Result<RoutesNow> routes(const keeper::Registry& registry, const Watching& wanted,
                                       const RouteFilter& filter);

}  // namespace hopyard::app
