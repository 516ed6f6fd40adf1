#pragma once

#include <span>

#include "lab/lab.hh"
#include "lab/segments.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// Tells every interface of a lab with static neighbours the addresses of the others on its wire that lie in
/// one of its own subnets. The kernel keeps such entries beside the limit that all namespaces of a machine
/// share (net.ipv4.neigh.default.gc_thresh3, net.ipv6 likewise). Link-local addresses are not among them.
/// @p desired holds the namespaces of all nodes, in the order of the lab.
void add_neighbours(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired);

}  // namespace hopyard::lower
