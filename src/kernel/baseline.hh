#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hh"
#include "net/desired.hh"
#include "netlink/socket.hh"
#include "sys/procfs.hh"

namespace hopyard::kernel {

/// What a new namespace of this machine has that a new namespace of another machine may not have. The kernel
/// copies net.ipv4.conf of its first namespace into every new one (net.core.devconf_inherit_init_net,
/// admin-guide/sysctl/net.rst), so a host's own settings would leak into its labs; and some modules put a
/// device of their own (sit0, tunl0) into each.
struct Baseline {
  std::vector<net::Sysctl> corrections;  ///< to write so that the namespace is as the kernel makes it
  std::uint32_t first_index = 2;         ///< the lowest interface index that no device has
};

/// Reads it in the namespace of the calling thread, which must be new.
[[nodiscard]] Result<Baseline> read_baseline(const sys::Procfs& procfs, netlink::Socket& socket);

/// "net.ipv4.conf.eth0/100.rp_filter" is at sys/net/ipv4/conf/eth0.100/rp_filter (sysctl(8)). Nothing for
/// names that are not of the network namespace, or that lead elsewhere.
[[nodiscard]] std::string sysctl_path(std::string_view name);

}  // namespace hopyard::kernel
