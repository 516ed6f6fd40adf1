#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/snapshot.hh"

/// What people get wrong when they set a network up by hand, told by what the kernel has.
namespace hopyard::observe {

struct Mistake {
  enum class Kind : std::uint8_t {
    Down,  ///< an interface is down, or without a carrier
    Other,
  };
  std::string interface;  ///< "eth0"; of a wire "r1:eth0 -- r2:eth0"
  std::string what;       ///< "eth1 is a port of br0 and has the address 192.168.10.29/24"
  std::string means;      ///< why packets do not come where they should
  std::string remedy;     ///< the command that mends it, as ip(8) takes it, or words
  Kind kind = Kind::Other;
};

/// Of one namespace, in the order of its interfaces.
[[nodiscard]] std::vector<Mistake> find_mistakes(const net::Snapshot& now);

/// One end of a wire.
struct WireEnd {
  std::string node;
  std::string interface;
  const net::Snapshot* now = nullptr;
};
/// Of a wire between two nodes: what is right at each end, and wrong at both together.
[[nodiscard]] std::vector<Mistake> find_wire_mistakes(const WireEnd& left, const WireEnd& right);

/// Of a router that does not forward packets of a family.
[[nodiscard]] Mistake not_forwarding(Family family);

}  // namespace hopyard::observe
