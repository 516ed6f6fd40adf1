#pragma once

#include <vector>

#include "lab/lab.hh"
#include "lower/routing/field.hh"
#include "lower/routing/graph.hh"
#include "net/route.hh"

namespace hopyard::lower::routing {

/// Gives every host a default route by its first interface that has a router in its subnet: to the router
/// that is nearest to the exit, of equally near ones that with the lowest address. A host without a router
/// gets none.
void add_host_routes(const lab::Lab& lab, const Graph& graph, const Field& to_exit,
                     std::vector<std::vector<net::Route>>& routes);

}  // namespace hopyard::lower::routing
