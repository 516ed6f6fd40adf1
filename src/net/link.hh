#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"

/// Devices beside veth pairs and bridges, as `ip link add` makes them (ip-link(8)).
namespace hopyard::net {

enum class LinkType : std::uint8_t {
  Vlan,
  Macvlan,
  Macvtap,
  Ipvlan,
  Dummy,
  Ifb,
  Bond,
  Team,
  Vrf,
  Vxlan,
  Gre,
  Gretap,
  Ip6gre,
  Ip6gretap,
  Ipip,
  Sit,
  Ip6tnl,
  Vti,
  Geneve,
  Macsec,
  Wireguard,
  Nlmon,
  Vcan,
  Tun,
  Tap,
};

/// In the order of LinkType; the kernel's own names (IFLA_INFO_KIND).
inline constexpr std::array<std::string_view, 25> link_type_names{
    "vlan",   "macvlan", "macvtap",   "ipvlan", "dummy",     "ifb",  "bond", "team",   "vrf",
    "vxlan",  "gre",     "gretap",    "ip6gre", "ip6gretap", "ipip", "sit",  "ip6tnl", "vti",
    "geneve", "macsec",  "wireguard", "nlmon",  "vcan",      "tun",  "tap"};

[[nodiscard]] constexpr std::string_view link_type_name(LinkType type) {
  return link_type_names[static_cast<std::size_t>(type)];
}

using Key256 = std::array<std::uint8_t, 32>;
using Key128 = std::array<std::uint8_t, 16>;

/// Another end of a WireGuard device.
struct WireguardPeer {
  Key256 public_key{};
  std::optional<IpAddress> endpoint;
  std::uint16_t port = 0;  ///< of the endpoint
  std::vector<Prefix> allowed;
  std::chrono::seconds keepalive{0};  ///< 0 for none
  Key256 preshared_key{};             ///< all zero for none
};

/// What a device is, beyond its name, MAC, MTU and addresses. Each type looks at its own; 0 and nothing leave
/// it to the kernel.
struct LinkSettings {
  LinkType type = LinkType::Dummy;
  /// The device that it stands on ("on"), by namespace of the Desired and device of that; none for nothing.
  /// One of another namespace has to be there before anything is made.
  std::uint32_t lower_namespace = UINT32_MAX;
  std::uint32_t lower_device = UINT32_MAX;
  std::uint32_t id = 0;                 ///< vlan: VLAN; vxlan, geneve: VNI; vrf: table
  std::uint8_t mode = 0;                ///< macvlan, macvtap, ipvlan, bond, team: the place in link_modes()
  std::optional<IpAddress> local;       ///< outer addresses; geneve and wireguard have local by a route alone
  std::optional<IpAddress> remote;      ///< vxlan: may be a multicast group
  std::vector<IpAddress> floods;        ///< vxlan: further ends that get what is for everyone
  bool keeps_port = false;              ///< vxlan: outer packets leave by the port that they go to
  std::uint16_t port = 0;               ///< vxlan, geneve, wireguard: UDP
  std::optional<std::uint32_t> key;     ///< gre and its kind, vti
  std::uint8_t ttl = 0;                 ///< tunnels
  std::chrono::milliseconds miimon{0};  ///< bond: how often it looks at its ports
  std::optional<std::uint32_t> owner;   ///< tun, tap: the user who alone may open it, beside root
  std::optional<std::uint32_t> group;   ///< tun, tap: the group whose members alone may
  bool many_queues = false;             ///< tun, tap: whoever opens it may have several
  Key256 private_key{};                 ///< wireguard
  std::vector<WireguardPeer> peers;
  Key128 transmit_key{};  ///< macsec
  Key128 receive_key{};
  Mac peer_mac;  ///< macsec: the other end, whose channel is its MAC and port 1 (IEEE 802.1AE)
};

inline constexpr std::array<std::string_view, 4> macvlan_modes{"bridge", "private", "vepa", "passthru"};
inline constexpr std::array<std::string_view, 3> ipvlan_modes{"l2", "l3", "l3s"};
inline constexpr std::array<std::string_view, 7> bond_modes{
    "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"};
inline constexpr std::array<std::string_view, 4> team_modes{"roundrobin", "broadcast", "random",
                                                            "activebackup"};

/// The words for LinkSettings::mode; empty for a type without modes. The first is what Hopyard takes when
/// none is given.
[[nodiscard]] constexpr std::span<const std::string_view> link_modes(LinkType type) {
  switch (type) {
    case LinkType::Macvlan:
    case LinkType::Macvtap:
      return macvlan_modes;
    case LinkType::Ipvlan:
      return ipvlan_modes;
    case LinkType::Bond:
      return bond_modes;
    case LinkType::Team:
      return team_modes;
    default:
      return {};
  }
}

}  // namespace hopyard::net
