#include "lower/warnings.hh"

#include <fmt/format.h>

#include <algorithm>

#include "lower/scope.hh"

namespace hopyard::lower {
namespace {

const InterfaceAddress* first_address(const lab::Interface& interface, Family family) {
  for (const InterfaceAddress& one : interface.addresses)
    if (one.address.family() == family && means_one_node(one.address)) return &one;
  return nullptr;
}

bool has_default_route(const net::Namespace& ns, Family family) {
  return std::any_of(ns.routes.begin(), ns.routes.end(), [&](const net::Route& route) {
    return route.to.length == 0 && route.to.family() == family;
  });
}

void warn_of_lonely_nodes(const lab::Lab& lab, Diagnostics& diagnostics) {
  if (lab.nodes.size() < 2) return;
  for (const lab::Node& node : lab.nodes)
    if (node.interfaces.empty())
      diagnostics.warning(node.at, fmt::format("{} '{}' has no link: it reaches no other node",
                                               lab::kind_name(node.kind), node.name));
}

/// @p segment has a router with an address; the hosts there that got no default route cannot be in its
/// subnet.
void warn_of_foreign_hosts(const lab::Lab& lab, const lab::Segment& segment, Family family,
                           const net::Desired& desired, Diagnostics& diagnostics) {
  const lab::Node* router = nullptr;
  const InterfaceAddress* routers = nullptr;
  for (const auto& [node, interface] : segment.members) {
    if (routers != nullptr || !lab::is_router(lab.nodes[node])) continue;
    router = &lab.nodes[node];
    routers = first_address(router->interfaces[interface], family);
  }
  if (routers == nullptr) return;
  for (const auto& [node, interface] : segment.members) {
    const lab::Node& host = lab.nodes[node];
    if (!lab::is_host(host) || has_default_route(desired.namespaces[node], family)) continue;
    if (const InterfaceAddress* own = first_address(host.interfaces[interface], family))
      diagnostics.warning(
          host.at, fmt::format("host '{}' has no default route: {} is not in the subnet of router '{}', {}",
                               host.name, own->text(), router->name, routers->prefix().text()));
  }
}

/// Of the daemons that a routing protocol may need, those that one family alone is for.
std::string_view missing_family(std::string_view daemon) {
  if (daemon == "ospfd" || daemon == "ripd") return "IPv4";
  return daemon == "ospf6d" || daemon == "ripngd" ? "IPv6" : "";
}

}  // namespace

void refuse_vain_waiting(const net::Desired& desired, Diagnostics& diagnostics) {
  for (const net::Namespace& ns : desired.namespaces)
    for (const net::Service& service : ns.machine.services)
      for (const std::string& name : service.after) {
        if (std::ranges::any_of(ns.machine.services, [&](const auto& one) { return one.name == name; }))
          continue;
        const std::string_view family = missing_family(name);
        diagnostics.error(
            service.origin,
            fmt::format("'{}' comes after '{}', which '{}' does not run", service.name, name, ns.name),
            family.empty() ? "" : fmt::format("'{}' has no {} addresses", ns.name, family));
      }
}

void warn_of_what_is_cut_off(const lab::Lab& lab, std::span<const lab::Segment> segments,
                             const net::Desired& desired, Diagnostics& diagnostics) {
  warn_of_lonely_nodes(lab, diagnostics);
  for (const lab::Segment& segment : segments)
    for (const Family family : {Family::V4, Family::V6})
      warn_of_foreign_hosts(lab, segment, family, desired, diagnostics);
}

}  // namespace hopyard::lower
