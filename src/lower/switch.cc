#include "lower/kinds.hh"

namespace hopyard::lower {
namespace {

std::vector<net::PortVlan> vlans_of(const lab::Interface& port) {
  std::vector<net::PortVlan> vlans;
  if (port.vlans.native() != 0) vlans.push_back({port.vlans.native(), true});
  for (const std::uint16_t id : port.vlans.tagged) vlans.push_back({id, false});
  return vlans;
}

}  // namespace

net::Namespace switch_or_hub(const lab::Lab& lab, const lab::Node& node) {
  net::Namespace ns = common(node);
  ns.sysctls = merged(silence(), node.sysctls);
  net::Device bridge;
  bridge.kind = net::Device::Kind::Bridge;
  bridge.name = lab::bridge_name(node);
  bridge.mac = Mac::derived(lab.name, node.name, bridge.name);
  bridge.floods = node.kind == lab::Kind::Hub;
  bridge.bridging = {node.forwarding.tree, node.forwarding.ageing, lab::filters_vlans(node)};
  bridge.origin = node.at;
  ns.devices.insert(ns.devices.begin(), std::move(bridge));
  for (std::size_t port = 1; port < ns.devices.size(); ++port) {
    ns.devices[port].master = 0;
    if (ns.devices[0].bridging.filters) ns.devices[port].port.vlans = vlans_of(node.interfaces[port - 1]);
  }
  for (const lab::Switch::Station& station : node.forwarding.stations)
    ns.devices[station.interface + 1].port.stations.push_back(station.mac);
  return ns;
}

}  // namespace hopyard::lower
