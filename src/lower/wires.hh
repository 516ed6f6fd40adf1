#pragma once

#include "base/diagnostic.hh"
#include "lab/lab.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// Joins what the links join. @p desired holds the namespaces of all nodes, in the order of the lab; the
/// namespaces of the networks that need a bridge are added behind them, in the order of the lab, and then a
/// wire for every link.
///
/// A network that only two interfaces share, with nothing done to the frames, is no more than a wire: it
/// becomes one veth pair.
void add_wires(const lab::Lab& lab, net::Desired& desired, Diagnostics& diagnostics);

}  // namespace hopyard::lower
