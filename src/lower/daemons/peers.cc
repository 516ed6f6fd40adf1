#include "lower/daemons/peers.hh"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "lower/scope.hh"

namespace hopyard::lower::daemons {
IpAddress link_local(const Mac& mac) {
  const auto& b = mac.bytes;
  const auto flipped = static_cast<std::uint8_t>(b[0] ^ 2U);
  const std::array<std::uint8_t, 16> bytes{0xfe,    0x80, 0,    0,    0,    0,    0,    0,
                                           flipped, b[1], b[2], 0xff, 0xfe, b[3], b[4], b[5]};
  return IpAddress::from_bytes(Family::V6, bytes.data());
}

namespace {

using Member = lab::Segment::Member;

const lab::Interface& interface_of(const lab::Lab& lab, const Member& member) {
  return lab.nodes[member.node].interfaces[member.interface];
}

bool has_family(const std::vector<InterfaceAddress>& addresses, Family family) {
  return std::any_of(addresses.begin(), addresses.end(), [&](const InterfaceAddress& one) {
    return one.address.family() == family && means_one_node(one.address);
  });
}

std::optional<IpAddress> first(const std::vector<InterfaceAddress>& addresses, Family family) {
  for (const InterfaceAddress& one : addresses)
    if (one.address.family() == family && means_one_node(one.address)) return one.address;
  return std::nullopt;
}

/// How many routers have an address on lo; one that several have (anycast) tells none of them from the
/// others.
using Holders = std::map<IpAddress, unsigned>;

Holders holders_of(const lab::Lab& lab) {
  Holders holders;
  for (const lab::Node& node : lab.nodes)
    if (node.dynamic.runs())
      for (const InterfaceAddress& one : node.loopback) ++holders[one.address];
  return holders;
}

std::optional<IpAddress> first_own(const lab::Node& node, Family family, const Holders& holders) {
  for (const InterfaceAddress& one : node.loopback)
    if (one.address.family() == family && means_one_node(one.address) && holders.at(one.address) == 1)
      return one.address;
  return std::nullopt;
}

/// The address that a person would take: one that is always there, else that of the first interface; without
/// IPv4, the node's number.
IpAddress router_id(const lab::Lab& lab, std::uint32_t index, const Holders& holders) {
  const lab::Node& node = lab.nodes[index];
  if (node.dynamic.bgp.router) return *node.dynamic.bgp.router;
  if (const auto found = first_own(node, Family::V4, holders)) return *found;
  for (const lab::Interface& one : node.interfaces)
    if (const auto found = first(one.addresses, Family::V4)) return *found;
  return IpAddress::v4(index + 1);
}

bool foreign(const lab::Bgp& one, const lab::Bgp& other) {
  return one.runs && other.runs && one.as != 0 && other.as != 0 && one.as != other.as;
}

/// The first addresses of the two that share a subnet.
std::optional<std::pair<IpAddress, IpAddress>> common_subnet(const lab::Interface& one,
                                                             const lab::Interface& other, Family family) {
  for (const InterfaceAddress& mine : one.addresses) {
    if (mine.address.family() != family || !means_one_node(mine.address)) continue;
    for (const InterfaceAddress& theirs : other.addresses)
      if (theirs.length == mine.length && theirs.prefix() == mine.prefix() && theirs.address != mine.address)
        return std::pair(mine.address, theirs.address);
  }
  return std::nullopt;
}

bool both_in_mesh(const lab::Bgp& one, const lab::Bgp& other) {
  return one.mesh && other.mesh && one.as == other.as;
}

/// Every other node of the mesh, wherever it is; the way to its address is left to another protocol.
void add_mesh(const lab::Lab& lab, std::uint32_t index, const Holders& holders, Speaker& speaker) {
  const lab::Node& node = lab.nodes[index];
  for (const Family family : {Family::V4, Family::V6})
    for (std::uint32_t i = 0; i < lab.nodes.size(); ++i) {
      const lab::Node& there = lab.nodes[i];
      if (i == index || !there.dynamic.bgp.runs || !both_in_mesh(node.dynamic.bgp, there.dynamic.bgp))
        continue;
      const auto own = first_own(node, family, holders);
      const auto other = first_own(there, family, holders);
      if (own && other)
        speaker.peers.push_back({i, there.name, there.dynamic.bgp.as, "lo", *own, *other, false,
                                 there.dynamic.daemon, node.dynamic.bgp.bfd && there.dynamic.bgp.bfd});
    }
}

/// On a link of two that has no subnet, between routers that can do without.
void add_unnumbered_peer(const lab::Lab& lab, const lab::Segment& segment, const Member& member,
                         Speaker& speaker) {
  const lab::Bgp& bgp = lab.nodes[member.node].dynamic.bgp;
  if (!bgp.unnumbered || segment.members.size() != 2) return;
  const Member& other = segment.members[segment.members[0].node == member.node ? 1 : 0];
  const lab::Node& there = lab.nodes[other.node];
  if (other.node == member.node || !there.dynamic.bgp.runs || !there.dynamic.bgp.unnumbered) return;
  if (there.dynamic.bgp.as == 0) return;
  const lab::Interface& own = interface_of(lab, member);
  const lab::Interface& others = interface_of(lab, other);
  if (both_in_mesh(bgp, there.dynamic.bgp)) return;
  if (common_subnet(own, others, Family::V4) || common_subnet(own, others, Family::V6)) return;
  speaker.peers.push_back({other.node, there.name, there.dynamic.bgp.as, own.name, link_local(own.mac),
                           link_local(others.mac), true, there.dynamic.daemon,
                           bgp.bfd && there.dynamic.bgp.bfd});
  speaker.v4 = speaker.v6 = true;
}

void add_peers(const lab::Lab& lab, const lab::Segment& segment, const Member& member, Speaker& speaker) {
  const lab::Interface& own = interface_of(lab, member);
  for (const Family family : {Family::V4, Family::V6})
    for (const Member& other : segment.members) {
      const lab::Node& there = lab.nodes[other.node];
      if (other.node == member.node || !there.dynamic.bgp.runs || there.dynamic.bgp.as == 0) continue;
      if (both_in_mesh(lab.nodes[member.node].dynamic.bgp, there.dynamic.bgp)) continue;
      if (const auto pair = common_subnet(own, interface_of(lab, other), family))
        speaker.peers.push_back({other.node, there.name, there.dynamic.bgp.as, own.name, pair->first,
                                 pair->second, false, there.dynamic.daemon,
                                 lab.nodes[member.node].dynamic.bgp.bfd && there.dynamic.bgp.bfd});
    }
  add_unnumbered_peer(lab, segment, member, speaker);
}

/// @p protocol is that of a node's interior protocols which is meant.
template <class Protocol>
IgpInterface igp_interface(const lab::Lab& lab, const lab::Segment& segment, const Member& member,
                           Protocol lab::Dynamic::*protocol) {
  const lab::Node& node = lab.nodes[member.node];
  const lab::Interface& own = interface_of(lab, member);
  IgpInterface found{own.name, std::max(lab::cost_of(lab, node, own), 1U)};
  found.v4 = has_family(own.addresses, Family::V4);
  found.v6 = has_family(own.addresses, Family::V6);
  found.fast = !node.dynamic.realistic;
  const auto watches = [&](const lab::Dynamic& dynamic) {
    if constexpr (requires { (dynamic.*protocol).bfd; })
      return (dynamic.*protocol).bfd;
    else
      return false;
  };
  found.bfd = watches(node.dynamic);
  std::size_t others = 0;
  bool friends = false;
  for (const Member& other : segment.members) {
    const lab::Dynamic& there = lab.nodes[other.node].dynamic;
    const bool itself = other.node == member.node && other.interface == member.interface;
    if (itself || !(there.*protocol).runs) continue;
    // All routers of a subnet have to count the same ones, whoever of them speaks with whom.
    ++others;
    friends = friends || (other.node != member.node && !foreign(node.dynamic.bgp, there.bgp));
    found.fast = found.fast && !there.realistic;
    found.bfd = found.bfd && watches(there);
  }
  const std::vector<std::string>& passive = (node.dynamic.*protocol).passive;
  found.passive = !friends || std::find(passive.begin(), passive.end(), own.name) != passive.end();
  found.point_to_point = others == 1;
  return found;
}

IgpInterface ospf_interface(const lab::Lab& lab, const lab::Segment& segment, const Member& member) {
  IgpInterface found = igp_interface(lab, segment, member, &lab::Dynamic::ospf);
  const lab::Ospf& ospf = lab.nodes[member.node].dynamic.ospf;
  found.area = ospf.area;
  for (const lab::Ospf::Interface& one : ospf.interfaces) {
    if (one.name != found.name) continue;
    found.area = one.area.value_or(found.area);
    if (one.cost != 0) found.cost = one.cost;
  }
  return found;
}

/// Every router of an IS-IS domain must be able to send on what another one made: the smallest MTU counts,
/// less the three bytes of the LLC header.
std::uint32_t lsp_mtu(const lab::Lab& lab) {
  constexpr std::uint32_t usual = 1500;
  constexpr std::uint32_t llc = 3;
  std::uint32_t least = usual;
  for (const lab::Node& node : lab.nodes)
    if (node.dynamic.isis.runs)
      for (const lab::Interface& one : node.interfaces)
        if (one.mtu != 0) least = std::min(least, one.mtu);
  constexpr std::uint32_t shortest = 128;  // that isisd takes
  return least == usual ? 0 : std::max(least - std::min(least, llc), shortest);
}

}  // namespace

std::vector<Speaker> speakers(const lab::Lab& lab, std::span<const lab::Segment> segments) {
  std::vector<Speaker> all(lab.nodes.size());
  const std::uint32_t smallest = lsp_mtu(lab);
  const Holders holders = holders_of(lab);
  for (std::uint32_t i = 0; i < lab.nodes.size(); ++i) {
    const lab::Node& node = lab.nodes[i];
    if (!node.dynamic.runs()) continue;
    all[i].router_id = router_id(lab, i, holders);
    if (node.dynamic.isis.runs) all[i].lsp_mtu = smallest;
    all[i].v4 = has_family(node.loopback, Family::V4);
    all[i].v6 = has_family(node.loopback, Family::V6);
    for (const lab::Interface& one : node.interfaces) {
      all[i].v4 = all[i].v4 || has_family(one.addresses, Family::V4);
      all[i].v6 = all[i].v6 || has_family(one.addresses, Family::V6);
    }
  }
  for (const lab::Segment& segment : segments)
    for (const Member& member : segment.members) {
      const lab::Dynamic& dynamic = lab.nodes[member.node].dynamic;
      if (dynamic.bgp.runs) add_peers(lab, segment, member, all[member.node]);
      Speaker& speaker = all[member.node];
      if (dynamic.ospf.runs) speaker.ospf.push_back(ospf_interface(lab, segment, member));
      if (dynamic.rip.runs) speaker.rip.push_back(igp_interface(lab, segment, member, &lab::Dynamic::rip));
      if (dynamic.isis.runs) speaker.isis.push_back(igp_interface(lab, segment, member, &lab::Dynamic::isis));
    }
  for (std::uint32_t i = 0; i < lab.nodes.size(); ++i)
    if (lab.nodes[i].dynamic.bgp.runs && lab.nodes[i].dynamic.bgp.mesh) add_mesh(lab, i, holders, all[i]);
  return all;
}

}  // namespace hopyard::lower::daemons
