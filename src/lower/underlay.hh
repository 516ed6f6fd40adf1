#pragma once

#include <span>
#include <vector>

#include "lab/lab.hh"
#include "lab/segments.hh"
#include "net/route.hh"

namespace hopyard::lower {

/// A tunnel must not carry its own outer packets. Where the computed @p routes (by node) would lead to an
/// outer address by a tunnel, each node gets a route to that address alone, the way that it would go if there
/// were no tunnels.
void keep_outer_packets_out(const lab::Lab& lab, std::span<const lab::Segment> segments,
                            std::vector<std::vector<net::Route>>& routes);

}  // namespace hopyard::lower
