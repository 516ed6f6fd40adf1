#pragma once

#include "base/error.hh"

namespace hopyard::keeper {

/// Makes read-only what of /proc is the whole machine's: settings of the kernel but those of the node's own
/// network (/proc/sys/net), sysrq, interrupts, buses. For a process in the node's own mount namespace, once
/// /proc is mounted there.
[[nodiscard]] Result<> shield_proc(const std::string& root);

}  // namespace hopyard::keeper
