#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "netlink/batch.hh"
#include "netlink/socket.hh"

/// Generic netlink (linux/genetlink.h), over sockets of Socket::open_generic().
namespace hopyard::netlink {

struct GenericFamily {
  std::uint16_t number = 0;
  std::string name;
};
/// What the answer to CTRL_CMD_GETFAMILY says; nothing for a message that is too short to be one.
[[nodiscard]] std::optional<GenericFamily> read_family(const nlmsghdr& message);

/// The number of a family by its name ("wireguard"); ENOENT when the kernel has none of that name.
[[nodiscard]] Result<std::uint16_t> generic_family(Socket& socket, std::string_view name);

/// Starts a request to @p family.
/// @param forgiven an errno that counts as success for this request, 0 for none.
[[nodiscard]] Result<> begin_generic(Batch& batch, std::uint16_t family, std::uint8_t command,
                                     std::uint8_t version, int forgiven = 0);

}  // namespace hopyard::netlink
