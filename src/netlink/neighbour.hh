#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"
#include "netlink/batch.hh"

/// The neighbour tables, ARP's and neighbour discovery's: RTM_NEWNEIGH (rtnetlink(7), linux/neighbour.h).
namespace hopyard::netlink {

struct Neighbour {
  std::uint32_t index = 0;  ///< of the device that it is reached by
  IpAddress address;
  Mac mac;
};

/// An entry that neither ages nor counts towards the table's limits (NUD_PERMANENT); it takes the place of
/// one that is there. It goes with the device, and when that goes down.
[[nodiscard]] Result<> add_neighbour(Batch& batch, const Neighbour& neighbour);

/// What an RTM_NEWNEIGH says; nothing for an entry that is not such a one.
[[nodiscard]] std::optional<Neighbour> read_permanent_neighbour(const nlmsghdr& message);
/// All such entries of the socket's namespace.
[[nodiscard]] Result<std::vector<Neighbour>> list_permanent_neighbours(Socket& socket);

/// Has the kernel ask who has @p address on the device of @p index, as if a packet were to go there
/// (NTF_USE).
[[nodiscard]] Result<> ask_neighbour(Batch& batch, std::uint32_t index, const IpAddress& address);
/// Whether somebody has answered: the kernel knows a MAC for the address on that device.
[[nodiscard]] Result<bool> has_neighbour(Socket& socket, std::uint32_t index, const IpAddress& address);

}  // namespace hopyard::netlink
