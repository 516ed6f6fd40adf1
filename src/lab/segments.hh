#pragma once

#include <cstdint>
#include <vector>

#include "lab/lab.hh"

namespace hopyard::lab {

/// A broadcast domain: the interfaces that hear each other's frames, through wires, networks, switches and
/// hubs.
struct Segment {
  struct Member {
    std::uint32_t node;
    std::uint32_t interface;
  };
  std::vector<Member> members;          ///< interfaces of hosts and routers, in the order of the links
  std::vector<std::uint32_t> networks;  ///< the networks that belong to it
  std::vector<std::uint32_t> links;     ///< the links that it is made of
};

/// All broadcast domains of the lab, in the order of the first link of each.
/// Uses Lab::links and the kinds of the nodes only; interfaces need no addresses yet.
[[nodiscard]] std::vector<Segment> segments(const Lab& lab);

}  // namespace hopyard::lab
