#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ip.hh"
#include "netlink/batch.hh"
#include "netlink/socket.hh"

namespace hopyard::kernel {

/// The addresses and routes of one device as the kernel told them, to be given to another and, later, back:
/// to the last attribute, whoever put them there. Left out is what the kernel makes by itself: local,
/// broadcast and multicast routes, link-local addresses of IPv6 and their routes, and temporary addresses
/// (RFC 8981).
class Belongings {
 public:
  /// Of the device of @p index, in the socket's namespace.
  [[nodiscard]] static Result<Belongings> of(netlink::Socket& socket, std::uint32_t index);

  /// Moves all of it to the device @p to, which is up: what was reachable stays so from the first request to
  /// the last.
  [[nodiscard]] Result<> move(netlink::Batch& batch, std::uint32_t to) const;
  /// The messages that give it back to the device, in the order to send them.
  [[nodiscard]] Result<std::vector<std::vector<char>>> messages_to_return() const;
  /// The gateway of the default route with the lowest metric, IPv4 before IPv6.
  [[nodiscard]] std::optional<IpAddress> gateway() const;

 private:
  explicit Belongings(std::uint32_t index) : index_(index) {}
  std::uint32_t index_;
  std::vector<std::vector<char>> addresses_;  // RTM_NEWADDR and RTM_NEWROUTE as they were dumped
  std::vector<std::vector<char>> routes_;
};

}  // namespace hopyard::kernel
