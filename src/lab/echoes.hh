#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lab/lab.hh"
#include "lab/segments.hh"

namespace hopyard::lab {

/// A neighbour of a node that may ask one of its interfaces for an echo, within one subnet.
struct Echo {
  std::uint32_t interface;  ///< of the node
  IpAddress address;        ///< of the interface
  Segment::Member from;
  IpAddress from_address;
};

/// One for each interface of @p node and each family in which it and a neighbour have addresses of a subnet:
/// of its neighbours, one that is no virtual machine before one that is.
[[nodiscard]] std::vector<Echo> echoes(const Lab& lab, std::span<const Segment> segments, std::uint32_t node);

}  // namespace hopyard::lab
