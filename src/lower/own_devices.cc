#include "lower/own_devices.hh"

#include "lower/kinds.hh"

namespace hopyard::lower {
namespace {

void describe(const lab::Node& node, std::uint32_t ns, const lab::Interface& interface, net::Device& device) {
  if (interface.master != lab::none) device.master = device_index(node, interface.master);
  if (!interface.settings) return;
  auto link = std::make_shared<net::LinkSettings>(*interface.settings);
  if (interface.lower != lab::none) {
    link->lower_namespace = ns;
    link->lower_device = device_index(node, interface.lower);
  }
  const bool of_a_program = link->type == net::LinkType::Tun || link->type == net::LinkType::Tap;
  device.kind = of_a_program ? net::Device::Kind::Tap : net::Device::Kind::Other;
  device.mtu = interface.mtu;
  if (interface.link == lab::none) device.egress = interface.egress;
  device.link = std::move(link);
}

}  // namespace

void add_own_devices(const lab::Lab& lab, net::Desired& desired) {
  for (std::uint32_t node = 0; node < lab.nodes.size(); ++node) {
    if (lab::is_layer_two(lab.nodes[node].kind)) continue;
    const auto& interfaces = lab.nodes[node].interfaces;
    for (std::uint32_t i = 0; i < interfaces.size(); ++i)
      describe(lab.nodes[node], node, interfaces[i],
               desired.namespaces[node].devices[device_index(lab.nodes[node], i)]);
  }
}

}  // namespace hopyard::lower
