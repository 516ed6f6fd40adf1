#pragma once

#include <cstdint>
#include <optional>

#include "base/ip.hh"
#include "netlink/batch.hh"

/// Addresses of devices: RTM_NEWADDR and RTM_GETADDR (rtnetlink(7), linux/if_addr.h).
namespace hopyard::netlink {

/// What to do where there is one already.
enum class Existing : std::uint8_t { Refuse, Replace };

/// IPv4: with the broadcast address of its subnet, where that has one. IPv6: good at once, without a search
/// for duplicates.
[[nodiscard]] Result<> add_address(Batch& batch, std::uint32_t index, const InterfaceAddress& address,
                                   Existing existing);

struct AddressInfo {
  std::uint32_t index = 0;  ///< of the device
  InterfaceAddress address;
  std::uint32_t flags = 0;  ///< IFA_F_…
  std::uint8_t scope = 0;   ///< RT_SCOPE_…
};
/// Nothing when @p message is no RTM_NEWADDR of IPv4 or IPv6.
[[nodiscard]] std::optional<AddressInfo> read_address(const nlmsghdr& message);

/// All addresses of the socket's namespace.
[[nodiscard]] Result<std::vector<AddressInfo>> list_addresses(Socket& socket);

}  // namespace hopyard::netlink
