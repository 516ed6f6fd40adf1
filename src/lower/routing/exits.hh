#pragma once

#include <vector>

#include "lab/lab.hh"
#include "lower/routing/field.hh"
#include "lower/routing/graph.hh"
#include "lower/routing/numbering.hh"

namespace hopyard::lower::routing {

/// Where packets go whose address no prefix of the lab holds. In each component these are the routers that
/// the person gave a default route out of the lab's static routing; if there are none, the component's first
/// router in the order of the lab, which has no default route and so answers that the address is unreachable.
/// Of two equally near exits the one that comes first in the lab counts.
///
/// A default route that only points at routers with static routing leads back in: its router is no exit.
[[nodiscard]] std::vector<Field::Target> exits(const lab::Lab& lab, const Graph& graph,
                                               const Numbering& numbering);

}  // namespace hopyard::lower::routing
