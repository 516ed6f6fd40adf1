#pragma once

#include <string>

namespace hopyard::kernel {

/// True when the running kernel has @p module, as a file that is not loaded yet (modprobe(8),
/// modules.dep(5)): what it brings can be had, and asking the kernel for it would load it, with the devices
/// that some modules put into every namespace at once (gre0, dummy0, bond0).
[[nodiscard]] bool waits_to_be_loaded(const std::string& module);

}  // namespace hopyard::kernel
