#pragma once

#include <cstdint>

#include "base/ip.hh"
#include "base/mac.hh"
#include "netlink/batch.hh"

/// Ports of bridges: their VLANs and stations (linux/if_bridge.h, linux/neighbour.h, bridge(8)).
namespace hopyard::netlink {

/// Whether a VLAN is a port's or the bridge's own.
enum class Of : std::uint8_t { Port, Bridge };

struct PortVlan {
  std::uint16_t id = 0;
  bool untagged = false;  ///< its frames go without a tag, and frames without a tag belong to it
};

/// Puts a port into a VLAN, again if it is in it already.
[[nodiscard]] Result<> add_port_vlan(Batch& batch, std::uint32_t index, const PortVlan& vlan, Of of);
/// Makes a station known behind a port for good, in every VLAN that the port is in by then.
[[nodiscard]] Result<> add_station(Batch& batch, std::uint32_t index, const Mac& mac);
/// Frames for 01:80:c2:00:00:0x (IEEE 802.1D: LACP, LLDP, 802.1X), which a bridge keeps to itself, go on as
/// others do; pause frames alone do not (IFLA_BRPORT_GROUP_FWD_MASK).
[[nodiscard]] Result<> pass_reserved_groups(Batch& batch, std::uint32_t index);
/// What comes in by the port leaves by no other one that is isolated (IFLA_BRPORT_ISOLATED).
[[nodiscard]] Result<> isolate(Batch& batch, std::uint32_t index);
/// One more end that a vxlan device sends to what is for everyone, or for nobody that it knows.
[[nodiscard]] Result<> add_flood(Batch& batch, std::uint32_t index, const IpAddress& end);

}  // namespace hopyard::netlink
