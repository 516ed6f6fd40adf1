#pragma once

#include "base/error.hh"
#include "keeper/machine.hh"

namespace hopyard::keeper {

/// Gives the calling process, in a mount namespace of its own, the root of its node: an overlay of the host's
/// files (or of the given root) with /proc, /sys, /run, /tmp and /dev of its own, and the node's files.
/// Called by the node's init alone.
[[nodiscard]] Result<> enter_machine_root(const MachinePlan& plan);

}  // namespace hopyard::keeper
