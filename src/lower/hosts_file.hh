#pragma once

#include <string>

#include "lab/lab.hh"

namespace hopyard::lower {

/// The lines of hosts(5) that every node of the lab has: itself first (127.0.0.1 and ::1 as localhost), then
/// each node's name with its addresses, those of lo before those of its interfaces, so that a name means its
/// node's first address. Addresses that mean something else on every machine (IPv4 and IPv6 loopback, IPv6
/// link-local) are left out.
[[nodiscard]] std::string hosts_file(const lab::Lab& lab);

}  // namespace hopyard::lower
