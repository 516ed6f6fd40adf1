#pragma once

#include "base/ip.hh"
#include "netlink/route.hh"
#include "netlink/socket.hh"

/// Whether the socket's namespace has what a lab is about to add, so that to undo the adding would take away
/// somebody else's: that is not to be noted as the lab's, not even for the moment of asking.
namespace hopyard::kernel {

[[nodiscard]] Result<bool> there_already(netlink::Socket& socket, std::uint32_t index,
                                         const InterfaceAddress& address);
/// By what a route is told from others: its destination, table and metric (ip-route(8)).
[[nodiscard]] Result<bool> there_already(netlink::Socket& socket, const netlink::Route& route);
/// One of its priority that it fits.
[[nodiscard]] Result<bool> there_already(netlink::Socket& socket, const netlink::Rule& rule);

}  // namespace hopyard::kernel
