#include "lower/neighbours.hh"

#include <algorithm>

#include "lower/kinds.hh"

namespace hopyard::lower {
namespace {

const lab::Interface& interface_of(const lab::Lab& lab, const lab::Segment::Member& member) {
  return lab.nodes[member.node].interfaces[member.interface];
}

void introduce(const lab::Interface& own, const lab::Interface& other, std::vector<net::Neighbour>& to) {
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
      const std::uint32_t device = device_index(lab.nodes[member.node], member.interface);
      for (const auto& other : segment.members)
        if (other.node != member.node || other.interface != member.interface)
          introduce(interface_of(lab, member), interface_of(lab, other),
                    desired.namespaces[member.node].devices[device].neighbours);
    }
}

}  // namespace hopyard::lower
