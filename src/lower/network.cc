#include "lower/kinds.hh"
#include "lower/names.hh"

namespace hopyard::lower {

net::Namespace network(const lab::Lab& lab, const lab::Network& network) {
  net::Device bridge;
  bridge.kind = net::Device::Kind::Bridge;
  bridge.name = good_device_name(network.name) ? network.name : "br0";
  bridge.mac = Mac::derived(lab.name, network.name, bridge.name);
  bridge.mtu = network.mtu;
  bridge.origin = network.at;
  net::Namespace ns;
  ns.role = net::Namespace::Role::Segment;
  ns.name = network.name;
  ns.kind = "network";
  ns.sysctls = silence();
  ns.origin = network.at;
  ns.devices.push_back(std::move(bridge));
  return ns;
}

}  // namespace hopyard::lower
