#include <fmt/format.h>

#include <algorithm>

#include "lower/kinds.hh"

namespace hopyard::lower {
namespace {

/// br0, unless the person has called a port so.
std::string bridge_name(const lab::Node& node) {
  for (unsigned number = 0;; ++number) {
    std::string name = fmt::format("br{}", number);
    const bool taken = std::any_of(node.interfaces.begin(), node.interfaces.end(),
                                   [&](const lab::Interface& interface) { return interface.name == name; });
    if (!taken) return name;
  }
}

}  // namespace

net::Namespace switch_or_hub(const lab::Lab& lab, const lab::Node& node) {
  net::Namespace ns = common(node);
  ns.sysctls = merged(silence(), node.sysctls);
  net::Device bridge;
  bridge.kind = net::Device::Kind::Bridge;
  bridge.name = bridge_name(node);
  bridge.mac = Mac::derived(lab.name, node.name, bridge.name);
  bridge.floods = node.kind == lab::Kind::Hub;
  bridge.origin = node.at;
  ns.devices.insert(ns.devices.begin(), std::move(bridge));
  for (std::size_t port = 1; port < ns.devices.size(); ++port) ns.devices[port].master = 0;
  return ns;
}

}  // namespace hopyard::lower
