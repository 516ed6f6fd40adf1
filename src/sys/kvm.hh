#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/error.hh"

namespace hopyard::sys {

/// As long as a processor may take for one instruction of a guest.
inline constexpr std::chrono::milliseconds kvm_deadline{3000};

/// Makes a virtual machine with one processor, which halts at its first instruction
/// (Documentation/virt/kvm/api.rst, linux/kvm.h). May hang where KVM does.
/// @param device "/dev/kvm". ENOENT when there is none; else the error says how far it came.
[[nodiscard]] Result<> run_kvm_guest(const std::string& device);

/// Does something that may hang in a process of its own, which is killed when the time is over.
/// @param doing the phrase of the error for that.
[[nodiscard]] Result<> within(std::chrono::milliseconds deadline, const std::string& doing,
                              const std::function<Result<>()>& what);

/// Well when the processor really runs guests: run_kvm_guest() of /dev/kvm in time.
[[nodiscard]] Result<> check_kvm();

}  // namespace hopyard::sys
