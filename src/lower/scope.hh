#pragma once

#include "base/ip.hh"

namespace hopyard::lower {

/// True for an address that can mean one node of a lab: not one that is the machine itself (127.0.0.0/8, ::1)
/// and not an IPv6 link-local one (fe80::/10, RFC 4291), which means a node only together with a link.
[[nodiscard]] bool means_one_node(const IpAddress& address);

}  // namespace hopyard::lower
