#pragma once

#include <sys/types.h>

#include <span>
#include <vector>

#include "observe/processes.hh"

namespace hopyard::keeper {

/// Those of @p all that run in the container whose first process has the number @p first: it, its
/// descendants, and what somebody has started in its pid namespace from outside. A process that stands for
/// its network alone, without a pid namespace of its own, has its descendants only. In the order of @p all.
[[nodiscard]] std::vector<observe::Process> container_processes(std::span<const observe::Process> all,
                                                                pid_t first);

}  // namespace hopyard::keeper
