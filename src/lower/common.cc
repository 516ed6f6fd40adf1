#include <algorithm>

#include "lower/kinds.hh"
#include "lower/nat.hh"

namespace hopyard::lower {

net::Namespace node_namespace(const lab::Lab& lab, const lab::Node& node) {
  switch (node.kind) {
    case lab::Kind::Host:
      return host(node);
    case lab::Kind::Router:
      return router(node);
    case lab::Kind::Switch:
      return lab::is_ovs(node) ? open_vswitch(lab, node) : switch_or_hub(lab, node);
    case lab::Kind::Hub:
      return switch_or_hub(lab, node);
    case lab::Kind::Container:
      return container(lab, node);
    case lab::Kind::External:
      return external(lab, node);
    case lab::Kind::Vm:
      return vm(lab, node);
  }
  return host(node);
}

net::Namespace common(const lab::Node& node) {
  net::Namespace ns;
  ns.name = node.name;
  ns.kind = lab::kind_name(node.kind);
  ns.warm = !node.machine.run.empty() || !node.machine.ready.empty() || !node.machine.services.empty();
  ns.loopback = node.loopback;
  ns.rules = node.rules;
  // The person's own texts come first: one that begins with "flush ruleset" must not take the NAT away.
  ns.rulesets = node.firewall;
  if (!node.nat_out.empty()) ns.rulesets.push_back(nat_ruleset(node));
  ns.machine = node.machine;
  if (ns.machine.hostname.empty()) ns.machine.hostname = node.name;
  ns.origin = node.at;
  ns.devices.reserve(node.interfaces.size() + 1);
  for (const lab::Interface& interface : node.interfaces) {
    net::Device device;
    device.name = interface.name;
    device.mac = interface.mac;
    device.addresses = interface.addresses;
    device.origin = interface.at;
    ns.devices.push_back(std::move(device));
  }
  return ns;
}

namespace {

std::uint32_t device_of_external(const lab::Node& node, std::uint32_t interface) {
  switch (node.external.by) {
    case lab::External::By::Nat:
      return interface;
    case lab::External::By::Bridge:
      return interface + 2;  // the bridge and the host's interface come first
    case lab::External::By::Macvlan:
    case lab::External::By::Move:
      break;
  }
  return 0;  // the host's interface, which all stand on
}

}  // namespace

std::uint32_t device_index(const lab::Node& node, std::uint32_t interface) {
  if (node.kind == lab::Kind::External) return device_of_external(node, interface);
  if (node.kind == lab::Kind::Vm) return static_cast<std::uint32_t>(node.interfaces.size()) + interface;
  if (lab::is_ovs(node)) return interface;
  return lab::is_layer_two(node.kind) ? interface + 1 : interface;  // its bridge comes first
}

std::vector<net::Sysctl> merged(std::vector<net::Sysctl> computed, const std::vector<net::Sysctl>& given) {
  std::erase_if(computed, [&](const net::Sysctl& one) {
    return std::any_of(given.begin(), given.end(),
                       [&](const net::Sysctl& other) { return other.name == one.name; });
  });
  computed.insert(computed.end(), given.begin(), given.end());
  return computed;
}

std::vector<net::Sysctl> forwarding() {
  return {{"net.ipv4.ip_forward", "1"}, {"net.ipv6.conf.all.forwarding", "1"}};
}

std::vector<net::Sysctl> silence() {
  return {{"net.ipv6.conf.all.disable_ipv6", "1"}, {"net.ipv6.conf.default.disable_ipv6", "1"}};
}

}  // namespace hopyard::lower
