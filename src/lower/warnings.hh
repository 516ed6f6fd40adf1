#pragma once

#include <span>

#include "base/diagnostic.hh"
#include "lab/lab.hh"
#include "lab/segments.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// Warns of nodes that will not get to others though all of it can be built: a node without a link, and a
/// host that shares a link or network with a router but has no address in common with it.
void warn_of_what_is_cut_off(const lab::Lab& lab, std::span<const lab::Segment> segments,
                             const net::Desired& desired, Diagnostics& diagnostics);

/// Says which services come after one that their node does not run after all: which daemons there are depends
/// on the addresses.
void refuse_vain_waiting(const net::Desired& desired, Diagnostics& diagnostics);

}  // namespace hopyard::lower
