#include "lab/echoes.hh"

#include <algorithm>
#include <optional>

namespace hopyard::lab {
namespace {

const Interface& interface_of(const Lab& lab, const Segment::Member& member) {
  return lab.nodes[member.node].interfaces[member.interface];
}

/// The first two addresses of the family that share a subnet.
std::optional<Echo> echo_of(const Lab& lab, const Segment::Member& own, const Segment::Member& other,
                            Family family) {
  for (const InterfaceAddress& mine : interface_of(lab, own).addresses)
    for (const InterfaceAddress& theirs : interface_of(lab, other).addresses)
      if (mine.address.family() == family && mine.prefix().contains(theirs.address))
        return Echo{own.interface, mine.address, other, theirs.address};
  return std::nullopt;
}

std::optional<Echo> best(const Lab& lab, const Segment& segment, const Segment::Member& own, Family family) {
  std::optional<Echo> of_a_vm;
  for (const Segment::Member& other : segment.members) {
    if (other.node == own.node) continue;
    const auto echo = echo_of(lab, own, other, family);
    if (!echo) continue;
    if (lab.nodes[other.node].kind != Kind::Vm) return echo;
    if (!of_a_vm) of_a_vm = echo;
  }
  return of_a_vm;
}

}  // namespace

std::vector<Echo> echoes(const Lab& lab, std::span<const Segment> segments, std::uint32_t node) {
  std::vector<Echo> all;
  for (const Segment& segment : segments)
    for (const Segment::Member& one : segment.members)
      for (const Family family : {Family::V4, Family::V6})
        if (one.node == node)
          if (const auto echo = best(lab, segment, one, family)) all.push_back(*echo);
  return all;
}

}  // namespace hopyard::lab
