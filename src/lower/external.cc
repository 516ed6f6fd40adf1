#include <fmt/format.h>

#include "base/device_name.hh"
#include "lower/kinds.hh"

namespace hopyard::lower {
namespace {

using By = lab::External::By;

net::Device existing(const lab::Node& node) {
  net::Device device;
  device.kind = net::Device::Kind::Existing;
  device.name = node.external.interface;
  device.origin = node.at;
  return device;
}

net::Device bridge(const lab::Lab& lab, const lab::Node& node) {
  net::Device device;
  device.kind = net::Device::Kind::Bridge;
  device.name = device_name({lab.name, node.name});
  device.origin = node.at;
  return device;
}

/// What leaves the host from the lab's wires is masqueraded.
std::string ways_out(const lab::Node& node) {
  std::string text = "  chain postrouting {\n    type nat hook postrouting priority srcnat; policy accept;\n";
  const std::string out = node.external.interface.empty()
                              ? std::string()
                              : fmt::format("oifname \"{}\" ", node.external.interface);
  for (const lab::Interface& wire : node.interfaces)
    for (const InterfaceAddress& one : wire.addresses)
      text += fmt::format("    ip{} saddr {} {}oifname != \"{}\" masquerade\n",
                          one.address.family() == Family::V4 ? "" : "6", one.prefix().text(), out, wire.name);
  return text + "  }\n";
}

/// What comes for a port of the host's own addresses is led into the lab. What the host says to itself on its
/// loopback is not, for an answer could not come back.
std::string ways_in(const lab::Node& node, std::string_view hook, std::string_view priority) {
  std::string text =
      fmt::format("  chain {} {{\n    type nat hook {} priority {}; policy accept;\n", hook, hook, priority);
  for (const lab::Forward& one : node.forwards)
    for (const IpAddress& to : one.to) {
      const bool v4 = to.family() == Family::V4;
      text += fmt::format(
          "    meta nfproto ipv{} fib daddr type local ip{} daddr != {} {} dport {} dnat ip{} to {}:{}\n",
          v4 ? 4 : 6, v4 ? "" : "6", v4 ? "127.0.0.0/8" : "::1",
          one.protocol == lab::Forward::Protocol::Tcp ? "tcp" : "udp", one.port, v4 ? "" : "6",
          v4 ? to.text() : fmt::format("[{}]", to.text()), one.to_port);
    }
  return text + "  }\n";
}

std::string ruleset(const lab::Lab& lab, const lab::Node& node) {
  std::string text = fmt::format("table inet hopyard_{} {{\n", lab.name) + ways_out(node);
  if (!node.forwards.empty()) text += ways_in(node, "prerouting", "dstnat") + ways_in(node, "output", "-100");
  return text + "}\n";
}

net::WayOut way_out(const lab::Node& node) {
  net::WayOut way{node.external.interface, {}};
  for (const lab::Forward& one : node.forwards)
    way.ports.push_back({one.protocol == lab::Forward::Protocol::Udp, one.port});
  return way;
}

}  // namespace

net::Namespace external(const lab::Lab& lab, const lab::Node& node) {
  net::Namespace ns = common(node);
  ns.machine = {};
  ns.adopted = net::host_namespace;
  switch (node.external.by) {
    case By::Nat:
      ns.sysctls = forwarding();
      ns.rulesets = {ruleset(lab, node)};
      ns.way_out = way_out(node);
      break;
    case By::Macvlan:
      ns.devices = {existing(node)};
      break;
    case By::Move:
      ns.devices = {existing(node)};
      ns.takeover = node.external.takeover;
      break;
    case By::Bridge: {
      for (net::Device& port : ns.devices) port.master = 0;
      net::Device taken = existing(node);
      taken.master = 0;
      ns.devices.insert(ns.devices.begin(), {bridge(lab, node), std::move(taken)});
      ns.takeover = node.external.takeover;
      break;
    }
  }
  return ns;
}

}  // namespace hopyard::lower
