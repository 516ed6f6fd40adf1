#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "netlink/route.hh"

/// Nexthop objects: RTM_NEWNEXTHOP, RTM_DELNEXTHOP and their dump (linux/nexthop.h, ip-nexthop(8)). Routes
/// may go by the number of one instead of saying where they lead.
namespace hopyard::netlink {

struct Nexthop {
  std::uint32_t id = 0;
  Hop hop;                                                       ///< where it leads, unless it is a group
  bool blackhole = false;                                        ///< it leads nowhere
  std::vector<std::pair<std::uint32_t, std::uint16_t>> members;  ///< of a group: number and weight (1 to 256)
  friend bool operator==(const Nexthop&, const Nexthop&) = default;
};

/// The nexthop objects of one namespace by their numbers.
using Nexthops = std::unordered_map<std::uint32_t, Nexthop>;

struct NexthopNotice {
  bool removed = false;
  Nexthop nexthop;
};
/// Nothing when @p message is neither RTM_NEWNEXTHOP nor RTM_DELNEXTHOP.
[[nodiscard]] std::optional<NexthopNotice> read_nexthop_notice(const nlmsghdr& message);

/// All nexthop objects of the socket's namespace; none on kernels before 5.3, which have no such thing.
[[nodiscard]] Result<Nexthops> list_nexthops(Socket& socket);

/// Gives @p route, if it goes by an object and does not say itself where it leads, the next hops of that
/// object.
void resolve(Route& route, const Nexthops& known);

}  // namespace hopyard::netlink
