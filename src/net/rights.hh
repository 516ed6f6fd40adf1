#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hopyard::net {

/// The capabilities of Linux by their numbers (capabilities(7), linux/capability.h), without "CAP_".
inline constexpr std::array<std::string_view, 41> capability_names{"chown",
                                                                   "dac_override",
                                                                   "dac_read_search",
                                                                   "fowner",
                                                                   "fsetid",
                                                                   "kill",
                                                                   "setgid",
                                                                   "setuid",
                                                                   "setpcap",
                                                                   "linux_immutable",
                                                                   "net_bind_service",
                                                                   "net_broadcast",
                                                                   "net_admin",
                                                                   "net_raw",
                                                                   "ipc_lock",
                                                                   "ipc_owner",
                                                                   "sys_module",
                                                                   "sys_rawio",
                                                                   "sys_chroot",
                                                                   "sys_ptrace",
                                                                   "sys_pacct",
                                                                   "sys_admin",
                                                                   "sys_boot",
                                                                   "sys_nice",
                                                                   "sys_resource",
                                                                   "sys_time",
                                                                   "sys_tty_config",
                                                                   "mknod",
                                                                   "lease",
                                                                   "audit_write",
                                                                   "audit_control",
                                                                   "setfcap",
                                                                   "mac_override",
                                                                   "mac_admin",
                                                                   "syslog",
                                                                   "wake_alarm",
                                                                   "block_suspend",
                                                                   "audit_read",
                                                                   "perfmon",
                                                                   "bpf",
                                                                   "checkpoint_restore"};

/// A set of capabilities: bit n is the one with number n.
using CapabilitySet = std::uint64_t;

inline constexpr CapabilitySet all_capabilities = (CapabilitySet{1} << capability_names.size()) - 1;

/// The set with the capability of that name alone; empty for an unknown one.
[[nodiscard]] constexpr CapabilitySet capability(std::string_view name) {
  for (std::size_t number = 0; number < capability_names.size(); ++number)
    if (capability_names[number] == name) return CapabilitySet{1} << number;
  return 0;
}

/// What concerns the whole machine and not a node: kernel modules, devices, the clock, the kernel's log, its
/// audit and security modules, and files by handles, which lead past every mount (open_by_handle_at(2)).
inline constexpr CapabilitySet machine_wide =
    capability("dac_read_search") | capability("sys_module") | capability("sys_rawio") |
    capability("sys_pacct") | capability("sys_boot") | capability("sys_time") | capability("sys_tty_config") |
    capability("mknod") | capability("audit_control") | capability("mac_override") | capability("mac_admin") |
    capability("syslog") | capability("wake_alarm") | capability("block_suspend") | capability("audit_read");

/// What a node's processes have at most if the lab file says nothing.
inline constexpr CapabilitySet default_capabilities = all_capabilities & ~machine_wide;

/// What a node's processes may do at most.
struct Rights {
  CapabilitySet capabilities = default_capabilities;
  bool seccomp = false;  ///< system calls that concern the whole kernel are refused
};

}  // namespace hopyard::net
