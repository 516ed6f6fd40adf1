#pragma once

#include <cstdint>

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

}  // namespace hopyard::netlink
