#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "netlink/socket.hh"

/// The numbers by which one network namespace knows others: RTM_NEWNSID and RTM_GETNSID (rtnetlink(7),
/// linux/net_namespace.h).
namespace hopyard::netlink {

/// The number that the socket's namespace has for the one of descriptor @p netns; nothing when it has none.
[[nodiscard]] Result<std::optional<std::int32_t>> nsid_of(Socket& socket, int netns);

/// Gives the namespace of descriptor @p netns a number. A namespace that has one keeps it: EEXIST.
/// @param id nothing for the next free one.
[[nodiscard]] Result<> set_nsid(Socket& socket, int netns, std::optional<std::int32_t> id);

/// A number of a namespace in another one.
struct Nsid {
  std::int32_t id = -1;                 ///< there; -1 when it has none
  std::optional<std::int32_t> current;  ///< in the socket's namespace, where "there" is not that one
};

/// What an RTM_NEWNSID says; nothing for another message, or one without a number.
[[nodiscard]] std::optional<Nsid> read_nsid(const nlmsghdr& message);

/// All numbers that the namespace has given which the socket's namespace knows as @p target; nothing for the
/// socket's own. EINVAL when there is none of that number.
[[nodiscard]] Result<std::vector<Nsid>> list_nsids(Socket& socket, std::optional<std::int32_t> target);

/// What the namespace @p id of the socket's namespace is called by namespace @p target.
/// ENOENT when there is none of number @p id, EINVAL when there is none of number @p target.
[[nodiscard]] Result<Nsid> translate_nsid(Socket& socket, std::int32_t id,
                                          std::optional<std::int32_t> target);

}  // namespace hopyard::netlink
