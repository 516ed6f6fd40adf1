#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/mac.hh"

/// How a bridge forwards frames (IEEE 802.1D, 802.1Q).
namespace hopyard::net {

/// The spanning tree of IEEE 802.1D-1998. The times are the shortest that the standard and Linux allow.
struct SpanningTree {
  bool runs = false;
  std::uint16_t priority = 32768;         ///< the lowest one becomes the root
  std::chrono::seconds hello{1};          ///< between the root's messages
  std::chrono::seconds forward_delay{4};  ///< a port listens as long as this, and learns as long
  std::chrono::seconds max_age{6};        ///< after which a silent root is forgotten
};

/// A VLAN that a port is in.
struct PortVlan {
  std::uint16_t id = 0;   ///< 1 to 4094
  bool untagged = false;  ///< its frames go without a tag here, and frames without a tag belong to it
  friend bool operator==(const PortVlan&, const PortVlan&) = default;
};

/// What a bridge does that is not as it does it by itself.
struct Bridging {
  SpanningTree tree;
  std::optional<std::chrono::milliseconds> ageing;  ///< how long a silent station is remembered
  bool filters = false;                             ///< its ports are in VLANs
};

/// What a port of a bridge has of its own.
struct Port {
  std::vector<PortVlan> vlans;  ///< where the bridge filters
  std::vector<Mac> stations;    ///< that are behind it for good
  bool isolated = false;        ///< what comes in by it leaves by no other port that is isolated
};

}  // namespace hopyard::net
