#pragma once

#include "base/error.hh"
#include "base/ip.hh"

namespace hopyard::sys {

/// Whether what is forwarded is dropped unless a rule of the old iptables lets it pass: the policy of chain
/// FORWARD of its table "filter" in the caller's network namespace (linux/netfilter_ipv4/ip_tables.h;
/// nftables does not show it). Where that table is not in use, nothing is loaded to find out.
[[nodiscard]] Result<bool> old_tables_drop_forwarded(Family family);

}  // namespace hopyard::sys
