#pragma once

#include "language/draft.hh"

/// Labs that are spread over several machines.
namespace hopyard::language {

/// What the file says about them, until all of it is read.
struct MachinesDraft {
  const Yaml* machines = nullptr;
  const Yaml* between = nullptr;
};

/// Reads `machines` and `between`, and looks up the machine of each node. Reports nodes without one, links
/// that cannot span machines, and addresses that cannot reach each other. After read_nodes() and
/// read_links().
void read_machines(Draft& draft, const MachinesDraft& said);

/// Gives interfaces on wires that span machines the MTU that fits, and warns of those that have a larger one.
/// After number(), before resolve_tunnels().
void fit_machines(Draft& draft);

}  // namespace hopyard::language
