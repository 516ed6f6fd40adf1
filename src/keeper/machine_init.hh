#pragma once

#include "keeper/machine.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// The life of a node's init, from right after the fork: makes the machine, reports, starts the node's
/// commands, waits until the node is ready, and reaps for ever. A signal does nothing to it, but those that
/// the kernel does not ask about. It ends with the keeper.
[[noreturn]] void run_init(const MachinePlan& plan, sys::Fd report);

}  // namespace hopyard::keeper
