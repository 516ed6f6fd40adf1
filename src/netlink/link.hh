#pragma once

#include <cstdint>
#include <functional>
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

/// The spanning tree of a new bridge; times in hundredths of a second (USER_HZ).
struct BridgeTree {
  std::uint16_t priority = 0;
  std::uint32_t hello = 0;
  std::uint32_t forward_delay = 0;
  std::uint32_t max_age = 0;
};

struct NewBridge {
  std::string_view name;
  Mac mac;
  std::uint32_t mtu = 0;
  std::uint32_t index = 0;
  std::optional<std::uint32_t> ageing = {};  ///< in hundredths of a second; 0: learns no address, as a hub
  std::optional<BridgeTree> tree = {};       ///< none: it forwards at once
  bool filters = false;                      ///< by VLANs; ports begin in none
};

/// Makes a bridge, down, that leaves multicast and the packet filter alone.
[[nodiscard]] Result<> create_bridge(Batch& batch, const NewBridge& bridge);

/// A device of any other type.
struct NewDevice {
  std::string_view kind;  ///< IFLA_INFO_KIND
  std::string_view name;
  Mac mac;  ///< zero to leave it to the kernel
  std::uint32_t mtu = 0;
  std::uint32_t index = 0;
  int netns = -1;           ///< descriptor of the namespace it is born in; -1 for the socket's
  std::uint32_t lower = 0;  ///< index of the device it stands on (IFLA_LINK), in the socket's namespace
};
/// Makes it, down. @p data, which may be empty, writes what IFLA_INFO_DATA holds.
[[nodiscard]] Result<> create_device(Batch& batch, const NewDevice& device,
                                     const std::function<void(Batch&)>& data);
/// Sends the device @p name of the socket's namespace to the one of descriptor @p netns, where it gets
/// @p index (IFLA_NEW_IFINDEX, Linux 5.13).
[[nodiscard]] Result<> move(Batch& batch, std::string_view name, int netns, std::uint32_t index);
/// A device has to be down.
[[nodiscard]] Result<> rename(Batch& batch, std::uint32_t index, std::string_view name);

/// Where a device goes.
struct Destination {
  int netns = -1;  ///< descriptor of the namespace
  std::string_view name;
  std::uint32_t index = 0;  ///< that it has there (IFLA_NEW_IFINDEX, Linux 5.13); 0: its own, or a free one
};
/// Has a device go to another namespace, where it is down and without addresses; EINVAL: its driver does not
/// let it.
[[nodiscard]] Result<> move_link(Batch& batch, std::uint32_t index, const Destination& to);

[[nodiscard]] Result<> set_mtu(Batch& batch, std::uint32_t index, std::uint32_t mtu);
[[nodiscard]] Result<> remove_link(Batch& batch, std::uint32_t index);
[[nodiscard]] Result<> set_link_state(Batch& batch, std::uint32_t index, bool up);
[[nodiscard]] Result<> set_mac(Batch& batch, std::uint32_t index, const Mac& mac);
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
  bool waits_for_ipv6 = false;  ///< it has IPv6, which has not begun yet (IFLA_INET6_FLAGS, IFLA_INET6_CONF)
};
/// Nothing when @p message is no RTM_NEWLINK.
[[nodiscard]] std::optional<LinkInfo> read_link(const nlmsghdr& message);

/// All devices of the socket's namespace.
[[nodiscard]] Result<std::vector<LinkInfo>> list_links(Socket& socket);

}  // namespace hopyard::netlink
