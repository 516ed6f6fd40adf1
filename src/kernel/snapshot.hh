#pragma once

#include "base/error.hh"
#include "net/snapshot.hh"

namespace hopyard::kernel {

/// What the network namespace of descriptor @p netns has now. The calling thread is where it was when this
/// returns; needs /proc.
[[nodiscard]] Result<net::Snapshot> take_snapshot(int netns);
/// The same for a thread in whose own namespace descriptor @p home is: needs no /proc.
[[nodiscard]] Result<net::Snapshot> take_snapshot(int netns, int home);

}  // namespace hopyard::kernel
