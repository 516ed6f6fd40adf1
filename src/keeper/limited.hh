#pragma once

#include "base/error.hh"
#include "net/rights.hh"

namespace hopyard::keeper {

/// Limits the calling thread, and what it starts, to what a node's processes may do.
/// @param spared capabilities that the thread itself keeps beside those, though no program that it starts has
/// them. A program of the node that may trace others can use them: none that reach beyond the node.
[[nodiscard]] Result<> limit_rights(const net::Rights& rights, net::CapabilitySet spared);

}  // namespace hopyard::keeper
