#pragma once

#include "base/error.hh"
#include "net/snapshot.hh"

namespace hopyard::observe {

/// What the network namespace of descriptor @p netns has now: links, addresses and routes. Changes nothing
/// there. The calling thread is where it was when this returns; needs /proc.
[[nodiscard]] Result<net::Snapshot> look(int netns);

}  // namespace hopyard::observe
