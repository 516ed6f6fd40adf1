#include "kernel/types/types.hh"

#include <array>

namespace hopyard::kernel {
namespace {

// In the order of net::LinkType.
constexpr std::array<TypeEntry, net::link_type_names.size()> entries{{
    {"VLANs (vlan)", "CONFIG_VLAN_8021Q", "8021q", "no interfaces of type vlan", true, true, write_vlan},
    {"MAC VLANs (macvlan)", "CONFIG_MACVLAN", "macvlan", "no interfaces of type macvlan", true, true,
     write_macvlan},
    {"MAC VLAN taps (macvtap)", "CONFIG_MACVTAP", "macvtap", "no interfaces of type macvtap", true, true,
     write_macvlan},
    {"IP VLANs (ipvlan)", "CONFIG_IPVLAN", "ipvlan", "no interfaces of type ipvlan", true, false,
     write_ipvlan},
    {"dummy interfaces (dummy)", "CONFIG_DUMMY", "dummy", "no interfaces of type dummy", false, true},
    {"intermediate functional blocks (ifb)", "CONFIG_IFB", "ifb", "no interfaces of type ifb", false, true},
    {"bonding (bond)", "CONFIG_BONDING", "bonding", "no interfaces of type bond", false, true, write_bond},
    {"teaming (team)", "CONFIG_NET_TEAM and CONFIG_NET_TEAM_MODE_ROUNDROBIN", "team",
     "no interfaces of type team", false, true, nullptr, configure_team},
    {"virtual routing and forwarding (vrf)", "CONFIG_NET_VRF", "vrf", "no interfaces of type vrf", false,
     false, write_vrf},
    {"VXLAN tunnels (vxlan)", "CONFIG_VXLAN", "vxlan", "no interfaces and links of type vxlan", false, true,
     write_vxlan},
    {"GRE tunnels (gre)", "CONFIG_NET_IPGRE", "ip_gre", "no interfaces and links of type gre", false, false,
     write_gre},
    {"GRE tunnels for frames (gretap)", "CONFIG_NET_IPGRE", "ip_gre",
     "no interfaces and links of type gretap", false, true, write_gre, nullptr, true},
    {"GRE tunnels over IPv6 (ip6gre)", "CONFIG_IPV6_GRE", "ip6_gre", "no interfaces and links of type ip6gre",
     false, false, write_ip6gre},
    {"GRE tunnels for frames over IPv6 (ip6gretap)", "CONFIG_IPV6_GRE", "ip6_gre",
     "no interfaces and links of type ip6gretap", false, true, write_ip6gre, nullptr, true},
    {"IPv4 in IPv4 tunnels (ipip)", "CONFIG_NET_IPIP", "ipip", "no interfaces and links of type ipip", false,
     false, write_ipip},
    {"IPv6 in IPv4 tunnels (sit)", "CONFIG_IPV6_SIT", "sit", "no interfaces and links of type sit", false,
     false, write_sit},
    {"tunnels over IPv6 (ip6tnl)", "CONFIG_IPV6_TUNNEL", "ip6_tunnel",
     "no interfaces and links of type ip6tnl", false, false, write_ip6tnl},
    {"IPsec tunnel interfaces (vti)", "CONFIG_NET_IPVTI", "ip_vti", "no interfaces of type vti", false, false,
     write_vti},
    {"GENEVE tunnels (geneve)", "CONFIG_GENEVE", "geneve", "no interfaces and links of type geneve", false,
     true, write_geneve},
    {"MAC security (macsec)", "CONFIG_MACSEC", "macsec", "no interfaces and links of type macsec", true, true,
     write_macsec, configure_macsec},
    {"WireGuard tunnels (wireguard)", "CONFIG_WIREGUARD", "wireguard",
     "no interfaces and links of type wireguard", false, false, nullptr, configure_wireguard, false, true},
    {"netlink monitors (nlmon)", "CONFIG_NLMON", "nlmon", "no interfaces of type nlmon", false, false},
    {"virtual CAN (vcan)", "CONFIG_CAN_VCAN", "vcan", "no interfaces of type vcan", false, false},
    // Made by way of /dev/net/tun: tun.cc.
    {"packets for programs (tun)", "CONFIG_TUN", "tun", "no interfaces of type tun", false, false},
    {"frames for programs (tap)", "CONFIG_TUN", "tun", "no interfaces of type tap", false, true},
}};

}  // namespace

const TypeEntry& type_entry(net::LinkType type) {
  return entries[static_cast<std::size_t>(type)];
}

}  // namespace hopyard::kernel
