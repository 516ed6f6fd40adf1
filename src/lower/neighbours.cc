#include "lower/neighbours.hh"

#include <algorithm>

#include "lower/kinds.hh"

namespace hopyard::lower {
namespace {

const lab::Interface& interface_of(const lab::Lab& lab, const lab::Segment::Member& member) {
  return lab.nodes[member.node].interfaces[member.interface];
}

/// Whether frames with MACs go by it; by others packets go as they are.
bool has_macs(const lab::Interface& one) {
  if (!one.settings) return true;
  switch (one.settings->type) {
    case net::LinkType::Gre:
    case net::LinkType::Ip6gre:
    case net::LinkType::Ipip:
    case net::LinkType::Sit:
    case net::LinkType::Ip6tnl:
    case net::LinkType::Vti:
    case net::LinkType::Wireguard:
      return false;
    default:
      return true;
  }
}

void introduce(const lab::Interface& own, const lab::Interface& other, std::vector<net::Neighbour>& to) {
  if (!has_macs(own) || other.mac.zero()) return;
  for (const InterfaceAddress& theirs : other.addresses)
    if (std::ranges::any_of(own.addresses, [&](const InterfaceAddress& mine) {
          return mine.prefix().contains(theirs.address);
        }))
      to.push_back({theirs.address, other.mac});
}

}  // namespace

void add_neighbours(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired) {
  if (lab.neighbours != lab::Neighbours::Static) return;
  for (const lab::Segment& segment : segments)
    for (const auto& member : segment.members) {
      if (lab.nodes[member.node].kind == lab::Kind::Vm) continue;  // its kernel is its own
      const std::uint32_t device = device_index(lab.nodes[member.node], member.interface);
      for (const auto& other : segment.members)
        if (other.node != member.node || other.interface != member.interface)
          introduce(interface_of(lab, member), interface_of(lab, other),
                    desired.namespaces[member.node].devices[device].neighbours);
    }
}

}  // namespace hopyard::lower
