#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/mac.hh"
#include "netlink/batch.hh"

/// Devices: RTM_NEWLINK and RTM_GETLINK (rtnetlink(7), linux/if_link.h, linux/veth.h, linux/if_bridge.h).
namespace hopyard::netlink {

/// One end of a new pair.
struct VethEnd {
  std::string_view name;
  Mac mac;
  std::uint32_t mtu = 0;    ///< 0 for the kernel's default
  std::uint32_t index = 0;  ///< the interface index it gets
  int netns = -1;           ///< descriptor of the namespace it is born in
};

/// Makes both ends where they belong, down, each with one queue instead of one a processor: every queue costs
/// a sysfs folder and a uevent.
[[nodiscard]] Result<> create_veth(Batch& batch, const VethEnd& end, const VethEnd& peer);

struct NewBridge {
  std::string_view name;
  Mac mac;
  std::uint32_t mtu = 0;
  std::uint32_t index = 0;
  bool floods = false;  ///< learns no address, as a hub
};

/// Makes a bridge, down, that forwards at once (no spanning tree, no delay), leaves multicast and the packet
/// filter alone.
[[nodiscard]] Result<> create_bridge(Batch& batch, const NewBridge& bridge);

[[nodiscard]] Result<> set_link_state(Batch& batch, std::uint32_t index, bool up);
/// @param master index of the bridge; 0 to leave it.
[[nodiscard]] Result<> set_master(Batch& batch, std::uint32_t index, std::uint32_t master);
/// Asks for a device of kind @p kind that no kernel can make (its address is a multicast one): EADDRNOTAVAIL
/// says that the kernel has the kind, EOPNOTSUPP that it has not. Makes nothing.
[[nodiscard]] Result<> probe_kind(Batch& batch, std::string_view kind);

/// A device as RTM_GETLINK tells it.
struct LinkInfo {
  std::uint32_t index = 0;
  std::string name;
  std::string kind;  ///< IFLA_INFO_KIND: "veth", "bridge"; empty for hardware and lo
  Mac mac;
  std::uint32_t mtu = 0;
  std::uint32_t flags = 0;                ///< IFF_UP, IFF_RUNNING … (netdevice(7))
  std::uint32_t master = 0;               ///< index, 0 for none
  std::uint32_t peer = 0;                 ///< index of the other end (IFLA_LINK), 0 for none
  std::optional<std::int32_t> peer_nsid;  ///< where that is, if not here (IFLA_LINK_NETNSID)
  std::string qdisc;
};
/// Nothing when @p message is no RTM_NEWLINK.
[[nodiscard]] std::optional<LinkInfo> read_link(const nlmsghdr& message);

/// All devices of the socket's namespace.
[[nodiscard]] Result<std::vector<LinkInfo>> list_links(Socket& socket);

}  // namespace hopyard::netlink
