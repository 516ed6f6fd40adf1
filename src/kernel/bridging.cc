#include "kernel/bridging.hh"

#include <chrono>

#include "netlink/bridge.hh"

namespace hopyard::kernel {
namespace {

/// USER_HZ, the unit of a bridge's times (linux/if_link.h); 100 on every architecture of Debian.
template <class Duration>
std::uint32_t hundredths(Duration duration) {
  using Hundredths = std::chrono::duration<std::int64_t, std::centi>;
  return static_cast<std::uint32_t>(std::chrono::duration_cast<Hundredths>(duration).count());
}

}  // namespace

netlink::NewBridge bridge_for(const net::Device& bridge, std::uint32_t index) {
  netlink::NewBridge made{bridge.name, bridge.mac, bridge.mtu, index};
  const net::Bridging& bridging = bridge.bridging;
  if (bridging.ageing) made.ageing = hundredths(*bridging.ageing);
  if (bridge.floods) made.ageing = 0;
  if (bridging.tree.runs)
    made.tree = {bridging.tree.priority, hundredths(bridging.tree.hello),
                 hundredths(bridging.tree.forward_delay), hundredths(bridging.tree.max_age)};
  made.filters = bridging.filters;
  return made;
}

Result<> set_port(netlink::Batch& batch, std::uint32_t index, const net::Port& port) {
  for (const net::PortVlan& vlan : port.vlans)
    HOPYARD_TRY(netlink::add_port_vlan(batch, index, {vlan.id, vlan.untagged}, netlink::Of::Port));
  if (port.isolated) HOPYARD_TRY(netlink::isolate(batch, index));
  for (const Mac& station : port.stations) HOPYARD_TRY(netlink::add_station(batch, index, station));
  return {};
}

}  // namespace hopyard::kernel
