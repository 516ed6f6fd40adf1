#pragma once

#include "base/ip.hh"
#include "netlink/route.hh"
#include "netlink/socket.hh"

/// What the kernel would refuse to add, with EEXIST, since the socket's namespace has it: that is not to be
/// noted as the lab's, not even for the moment of asking.
namespace hopyard::kernel {

[[nodiscard]] Result<bool> there_already(netlink::Socket& socket, std::uint32_t index,
                                         const InterfaceAddress& address);
/// By what a route is told from others: its destination, table and metric (ip-route(8)).
[[nodiscard]] Result<bool> there_already(netlink::Socket& socket, const netlink::Route& route);
/// A rule without a priority gets one that none has, and is never there.
[[nodiscard]] Result<bool> there_already(netlink::Socket& socket, const netlink::Rule& rule);

}  // namespace hopyard::kernel
