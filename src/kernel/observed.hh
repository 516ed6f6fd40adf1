#pragma once

#include "base/error.hh"
#include "kernel/kernel.hh"
#include "net/observed.hh"

namespace hopyard::kernel {

/// What a namespace of a lab has now, of all that @p own speaks of but nftables. Needs /proc.
[[nodiscard]] Result<net::Observed> observe(const net::Namespace& own, const Namespace& ns);

/// Takes away what somebody has made of @p wanted, a rule of @p own that is not there (net::in_place_of). No
/// error where there is nothing, or where the kernel would take another rule for it (netlink::fits).
[[nodiscard]] Result<> make_room_for_rule(const net::Rule& wanted, const net::Namespace& own,
                                          const Namespace& ns);

/// What the kernel says of each sysctl of @p own in @p ns, without the line break at its end; nothing for one
/// that cannot be read. Needs /proc.
[[nodiscard]] Result<std::vector<std::optional<std::string>>> read_sysctls(const net::Namespace& own,
                                                                           const Namespace& ns);

}  // namespace hopyard::kernel
