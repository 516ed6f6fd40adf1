#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "netlink/batch.hh"
#include "netlink/link.hh"
#include "netlink/socket.hh"

/// Alternative names of devices (ip-link(8), "property"): RTM_NEWLINKPROP of linux/if_link.h, Linux 5.5.
namespace hopyard::netlink {

/// @param name up to 127 bytes, that no device of the namespace has.
[[nodiscard]] Result<> add_alternative_name(Batch& batch, std::uint32_t index, std::string_view name);
[[nodiscard]] Result<> remove_alternative_name(Batch& batch, std::uint32_t index, std::string_view name);
/// The device of the socket's namespace that has this alternative name, if there is one.
[[nodiscard]] Result<std::optional<LinkInfo>> find_link(Socket& socket, std::string_view alternative_name);
/// Deletes the device that has this alternative name, wherever its index may have gone; ENODEV when there is
/// none.
[[nodiscard]] Result<> delete_link(Batch& batch, std::string_view alternative_name);

}  // namespace hopyard::netlink
