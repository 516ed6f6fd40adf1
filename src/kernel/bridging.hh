#pragma once

#include "base/error.hh"
#include "net/desired.hh"
#include "netlink/batch.hh"
#include "netlink/link.hh"

namespace hopyard::kernel {

/// The request that makes @p bridge, whose name it refers to.
/// @param index the interface index it gets.
[[nodiscard]] netlink::NewBridge bridge_for(const net::Device& bridge, std::uint32_t index);
/// Gives a device that is in its bridge already what @p port says.
[[nodiscard]] Result<> set_port(netlink::Batch& batch, std::uint32_t index, const net::Port& port);

}  // namespace hopyard::kernel
