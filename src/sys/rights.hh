#pragma once

#include <cstdint>

#include "base/error.hh"

namespace hopyard::sys {

/// Takes capabilities out of the bounding set of the calling thread, so that no program that it becomes or
/// starts has them, whatever user it runs as (capabilities(7)).
/// @param kept bit n is the capability with number n; those that it has not are taken out.
[[nodiscard]] Result<> bound_capabilities(std::uint64_t kept);

/// Gives up the calling thread's own capabilities for good, but those of @p kept that it has.
[[nodiscard]] Result<> keep_capabilities(std::uint64_t kept);

/// Has system calls that concern the whole kernel refused with EPERM from now on, to the calling thread and
/// all that it starts (seccomp(2)): loading code into it (modules, kexec, BPF), its clock, swap, reboot,
/// keyrings, profiling, files by handles. Calls of another architecture than the program's own are refused
/// with ENOSYS. Needs CAP_SYS_ADMIN.
[[nodiscard]] Result<> refuse_kernel_calls();

}  // namespace hopyard::sys
