#pragma once

#include <span>
#include <vector>

#include "lab/lab.hh"
#include "lab/segments.hh"
#include "net/route.hh"

namespace hopyard::lower::routing {

/// The routes that static routing gives each node, by node: for a router with Routing::Static the fewest that
/// send every address of the lab along all shortest paths, and every other address to the exit; for a host a
/// default route to the router of its network that is nearest to the exit. The person's own routes are taken
/// into account but are not among them.
///
/// Following these routes never leads in a circle (see docs/static-routing.md for the proof in full). Every
/// address has one destination, the same for all routers of a component: the place, or nearest of the places,
/// of the longest prefix of the lab that holds it, else the exit. A router hands a packet on only to one
/// whose distance to that destination is smaller than its own, for costs are at least 1. Distances do not get
/// smaller forever, and the only place without a smaller one is the destination. How the routes are
/// aggregated changes nothing in that, since it leaves the action for every single address as it was.
[[nodiscard]] std::vector<std::vector<net::Route>> static_routes(const lab::Lab& lab,
                                                                 std::span<const lab::Segment> segments);

}  // namespace hopyard::lower::routing
