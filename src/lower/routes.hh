#pragma once

#include <vector>

#include "net/route.hh"

namespace hopyard::lower {

/// The computed routes and then the given ones; where a given route has the same prefix, table and metric,
/// the computed one is left out.
[[nodiscard]] std::vector<net::Route> merged(std::vector<net::Route> computed,
                                             const std::vector<net::Route>& given);

}  // namespace hopyard::lower
