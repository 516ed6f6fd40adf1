#include "language/link_types.hh"

#include <array>

namespace hopyard::language {
namespace {

using enum TypeKey;
using net::LinkType;

constexpr std::uint32_t set_of(auto... keys) {
  return (0U | ... | bit(keys));
}

constexpr std::uint32_t outer = set_of(Local, Remote, Ttl, On);
constexpr std::uint32_t outer_link = set_of(Over, Ttl);
constexpr std::uint32_t opened = set_of(Owner, Group, MultiQueue);

// In the order of net::LinkType.
constexpr std::array<TypeWords, net::link_type_names.size()> table{{
    {set_of(On, Id), set_of(On, Id), 0, true, false, "eth0.10: {type: vlan, on: eth0, id: 10}"},
    {set_of(On, Mode), set_of(On), 0, true, false, "m0: {type: macvlan, on: eth0}"},
    {set_of(On, Mode), set_of(On), 0, true, false, "m0: {type: macvtap, on: eth0}"},
    {set_of(On, Mode), set_of(On), 0, true, false, "i0: {type: ipvlan, on: eth0}"},
    {0, 0, 0, true, false, "d0: {type: dummy, addresses: 192.0.2.1/32}"},
    {0, 0, 0, true, false, "ifb0: {type: ifb}"},
    {set_of(Of, Mode, Miimon), set_of(Of), 0, true, false, "bond0: {type: bond, of: [eth0, eth1]}"},
    {set_of(Of, Mode), set_of(Of), 0, true, false, "team0: {type: team, of: [eth0, eth1]}"},
    {set_of(Of, Table), set_of(Table), 0, true, false, "blue: {type: vrf, table: 10, of: [eth0]}"},
    {outer | set_of(Id, Port), set_of(Id), outer_link | set_of(Id, Port), true, true,
     "vx0: {type: vxlan, id: 42, local: 10.0.0.1, remote: 10.0.0.2}"},
    {outer | set_of(Key), set_of(Local, Remote), outer_link | set_of(Key), true, true,
     "tun0: {type: gre, local: 10.0.0.1, remote: 10.0.0.2}"},
    {outer | set_of(Key), set_of(Local, Remote), outer_link | set_of(Key), true, true,
     "tap0: {type: gretap, local: 10.0.0.1, remote: 10.0.0.2}"},
    {outer | set_of(Key), set_of(Local, Remote), outer_link | set_of(Key), true, true,
     "tun0: {type: ip6gre, local: 'fd00::1', remote: 'fd00::2'}"},
    {outer | set_of(Key), set_of(Local, Remote), outer_link | set_of(Key), true, true,
     "tap0: {type: ip6gretap, local: 'fd00::1', remote: 'fd00::2'}"},
    {outer, set_of(Local, Remote), outer_link, true, true,
     "tun0: {type: ipip, local: 10.0.0.1, remote: 10.0.0.2}"},
    {outer, set_of(Local, Remote), outer_link, true, true,
     "tun0: {type: sit, local: 10.0.0.1, remote: 10.0.0.2}"},
    {outer, set_of(Local, Remote), outer_link, true, true,
     "tun0: {type: ip6tnl, local: 'fd00::1', remote: 'fd00::2'}"},
    {set_of(Local, Remote, Key, On), set_of(Local, Remote, Key), 0, true, false,
     "vti1: {type: vti, local: 10.0.0.1, remote: 10.0.0.2, key: 7}"},
    {set_of(Id, Remote, Port, Ttl), set_of(Id, Remote), outer_link | set_of(Id, Port), true, true,
     "gnv0: {type: geneve, id: 42, remote: 10.0.0.2}"},
    {set_of(On, Peer, SendKey, ReceiveKey), set_of(On, Peer), set_of(Over), true, true,
     "mac0: {type: macsec, on: eth0, peer: 'b:mac0'}"},
    {set_of(PrivateKey, Port, Peers), set_of(Peers), set_of(Over, Port, Keepalive), true, true,
     "wg0: {type: wireguard, peers: [{public-key: 'b:wg0', endpoint: 192.0.2.2}]}"},
    {0, 0, 0, true, false, "nlmon0: {type: nlmon}"},
    {0, 0, 0, true, false, "vcan0: {type: vcan}"},
    {opened, 0, 0, true, false, "tun0: {type: tun, addresses: 10.8.0.1/24}"},
    {opened, 0, 0, true, false, "tap0: {type: tap, addresses: 10.8.0.1/24}"},
}};

}  // namespace

const TypeWords& type_words(LinkType type) {
  return table[static_cast<std::size_t>(type)];
}

bool outer_v6_only(LinkType type) {
  return type == LinkType::Ip6gre || type == LinkType::Ip6gretap || type == LinkType::Ip6tnl;
}

bool outer_any(LinkType type) {
  return type == LinkType::Vxlan || type == LinkType::Geneve || type == LinkType::Wireguard;
}

std::uint32_t overhead(const net::LinkSettings& link, bool outer_v6) {
  constexpr std::uint32_t ethernet = 14;
  constexpr std::uint32_t udp = 8;
  const std::uint32_t ip = outer_v6 ? 40 : 20;
  const std::uint32_t gre = ip + 4 + (link.key ? 4 : 0);
  switch (link.type) {
    case LinkType::Vxlan:
    case LinkType::Geneve:
      return ip + udp + 8 + ethernet;
    case LinkType::Gre:
    case LinkType::Ip6gre:
      return gre;
    case LinkType::Gretap:
    case LinkType::Ip6gretap:
      return gre + ethernet;
    case LinkType::Ipip:
    case LinkType::Sit:
    case LinkType::Ip6tnl:
      return ip;
    case LinkType::Wireguard:
      return ip + udp + 32;
    case LinkType::Macsec:
      return 32;
    default:
      return 0;
  }
}

}  // namespace hopyard::language
