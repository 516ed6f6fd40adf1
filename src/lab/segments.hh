#pragma once

#include <cstdint>
#include <vector>

#include "lab/lab.hh"

namespace hopyard::lab {

/// A broadcast domain: the interfaces that hear each other's frames, through wires, networks, switches and
/// hubs, within one VLAN.
struct Segment {
  struct Member {
    std::uint32_t node;
    std::uint32_t interface;
  };
  std::vector<Member> members;          ///< interfaces of hosts and routers, in the order of the links
  std::vector<std::uint32_t> networks;  ///< the networks that belong to it
  std::vector<std::uint32_t> links;  ///< the links that carry its frames without a tag; none for a VLAN of a
                                     ///< node's own interface, and for what stands alone in its node
};

/// All broadcast domains of the lab, in the order of the first link of each.
/// Uses Lab::links, the kinds of the nodes and the VLANs of their ports only; interfaces need no addresses
/// yet.
[[nodiscard]] std::vector<Segment> segments(const Lab& lab);

/// True for a domain that goes on beyond the host: its addresses are not the lab's to hand out.
[[nodiscard]] bool is_outside(const Lab& lab, const Segment& segment);

}  // namespace hopyard::lab
