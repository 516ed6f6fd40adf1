#pragma once

#include <linux/netlink.h>

#include <cstring>
#include <optional>
#include <type_traits>
#include <vector>

#include "netlink/reply.hh"
#include "netlink/socket.hh"

namespace hopyard::netlink {

/// Dumps with a request of @p type that is @p header alone, and reads every message with @p read, which gives
/// nothing for those that do not count.
template <class Header, class Read>
[[nodiscard]] auto list(Socket& socket, std::uint16_t type, const Header& header, Read read)
    -> Result<std::vector<typename std::invoke_result_t<Read, const nlmsghdr&>::value_type>> {
  struct {
    nlmsghdr head;
    Header body;
  } request{};
  request.head.nlmsg_len = NLMSG_LENGTH(sizeof(Header));
  request.head.nlmsg_type = type;
  request.body = header;
  HOPYARD_TAKE(answer, socket.dump(request.head));
  std::vector<typename std::invoke_result_t<Read, const nlmsghdr&>::value_type> found;
  for_each_message(answer, [&](const nlmsghdr& message) {
    if (auto value = read(message)) found.push_back(std::move(*value));
  });
  return found;
}

}  // namespace hopyard::netlink
