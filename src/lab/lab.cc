#include "lab/lab.hh"

#include <fmt/format.h>

#include <algorithm>

namespace hopyard::lab {
namespace {

std::string end_name(const Lab& lab, const End& end) {
  if (end.to == End::To::Network) return lab.networks[end.index].name;
  const Node& node = lab.nodes[end.index];
  if (node.kind == Kind::External) return node.name;
  return fmt::format("{}:{}", node.name, node.interfaces[end.interface].name);
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::Host:
      return "host";
    case Kind::Router:
      return "router";
    case Kind::Switch:
      return "switch";
    case Kind::Hub:
      return "hub";
    case Kind::Container:
      return "container";
    case Kind::External:
      return "external";
    case Kind::Vm:
      return "vm";
  }
  return "host";
}

bool joins_links(const Node& node) {
  return is_layer_two(node.kind) && (node.kind != Kind::External || node.external.by != External::By::Nat);
}

bool is_router(const Node& node) {
  return node.kind == Kind::Router || (node.kind == Kind::Container && node.routing == Routing::Static);
}

bool is_host(const Node& node) {
  return node.kind == Kind::Host || (node.kind == Kind::Container && node.routing != Routing::Static);
}

bool is_port(const Node& node, const Interface& interface) {
  return interface.master != none && node.interfaces[interface.master].settings->type != net::LinkType::Vrf;
}

std::uint32_t vrf_of(const Node& node, const Interface& interface) {
  const Interface* one = &interface;
  while (one->master != none && is_port(node, *one)) one = &node.interfaces[one->master];
  return one->master;
}

bool shares_wire(const Interface& interface) {
  if (interface.link != none || !interface.settings) return false;
  switch (interface.settings->type) {
    case net::LinkType::Vlan:
    case net::LinkType::Macvlan:
    case net::LinkType::Macvtap:
    case net::LinkType::Ipvlan:
    case net::LinkType::Bond:
    case net::LinkType::Team:
      return true;
    default:
      return false;
  }
}

bool has_lowers_mac(const Interface& interface) {
  return interface.lower != none && interface.settings && interface.link == none &&
         (interface.settings->type == net::LinkType::Vlan ||
          interface.settings->type == net::LinkType::Ipvlan);
}

bool is_moved(const Lab& lab, const Interface& interface) {
  if (interface.link == none) return false;
  const End& other = lab.links[interface.link].ends[1 - interface.end];
  return other.to == End::To::Node && lab.nodes[other.index].kind == Kind::External &&
         lab.nodes[other.index].external.by == External::By::Move;
}

std::uint32_t cost_of(const Lab& lab, const Node& node, const Interface& interface) {
  const Interface* one = &interface;
  while (one->link == none && one->lower != none) one = &node.interfaces[one->lower];
  return one->link == none ? 1 : lab.links[one->link].cost;
}

bool is_ovs(const Node& node) {
  return node.kind == Kind::Switch && node.forwarding.engine == Switch::Engine::Ovs;
}

std::string bridge_name(const Node& node) {
  for (unsigned number = 0;; ++number) {
    std::string name = fmt::format("br{}", number);
    if (std::ranges::find(node.interfaces, name, &Interface::name) == node.interfaces.end()) return name;
  }
}

bool filters_vlans(const Node& node) {
  return node.kind == Kind::Switch &&
         std::ranges::any_of(node.interfaces, [](const Interface& one) { return one.vlans.given(); });
}

std::string link_name(const Lab& lab, const Link& link) {
  return fmt::format("{} -- {}", end_name(lab, link.ends[0]), end_name(lab, link.ends[1]));
}

}  // namespace hopyard::lab
