#include "plan/device_text.hh"

#include <fmt/format.h>

#include <vector>

namespace hopyard::plan {
namespace {

using net::LinkType;

std::string on_text(const net::Namespace& ns, const net::LinkSettings& link, const net::Desired& desired) {
  if (link.lower_device == net::none) return {};
  const net::Namespace& there = desired.namespaces[link.lower_namespace];
  const std::string& name = there.devices[link.lower_device].name;
  return &there == &ns ? " on " + name : fmt::format(" on {}:{}", there.name, name);
}

std::vector<std::string> details(const net::Device& device) {
  const net::LinkSettings& link = *device.link;
  std::vector<std::string> parts;
  if (link.id != 0)
    parts.push_back(fmt::format("{} {}", link.type == LinkType::Vrf ? "table" : "id", link.id));
  if (const auto modes = net::link_modes(link.type); !modes.empty())
    parts.push_back(fmt::format("mode {}", modes[link.mode]));
  if (link.miimon.count() != 0) parts.push_back(fmt::format("miimon {}ms", link.miimon.count()));
  if (link.local) parts.push_back("local " + link.local->text());
  if (link.remote) parts.push_back("remote " + link.remote->text());
  for (const IpAddress& one : link.floods) parts.push_back("remote " + one.text());
  if (link.port != 0) parts.push_back(fmt::format("port {}", link.port));
  if (link.key) parts.push_back(fmt::format("key {}", *link.key));
  if (link.ttl != 0) parts.push_back(fmt::format("ttl {}", link.ttl));
  if (link.owner) parts.push_back(fmt::format("owner {}", *link.owner));
  if (link.group) parts.push_back(fmt::format("group {}", *link.group));
  if (link.many_queues) parts.emplace_back("many queues");
  for (const net::WireguardPeer& peer : link.peers)
    parts.push_back(peer.endpoint ? fmt::format("peer at {}", peer.endpoint->text()) : "peer");
  if (device.mtu != 0) parts.push_back(fmt::format("mtu {}", device.mtu));
  return parts;
}

}  // namespace

std::string device_text(const net::Namespace& ns, const net::Device& device, const net::Desired& desired) {
  const net::LinkSettings& link = *device.link;
  if (device.kind == net::Device::Kind::Moved) {
    const net::Namespace& home = desired.namespaces[link.lower_namespace];
    return fmt::format("move the host's {} to {}:{}", home.devices[link.lower_device].name, ns.name,
                       device.name);
  }
  std::string text = fmt::format("create {} {}:{}{}", net::link_type_name(link.type), ns.name, device.name,
                                 on_text(ns, link, desired));
  const auto parts = details(device);
  if (!parts.empty()) text += fmt::format(" ({})", fmt::join(parts, ", "));
  return text;
}

}  // namespace hopyard::plan
