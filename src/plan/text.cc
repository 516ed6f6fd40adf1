#include <fmt/format.h>

#include "base/quantity.hh"
#include "net/adjustment.hh"
#include "plan/device_text.hh"
#include "plan/plan.hh"

namespace hopyard::plan {
namespace {

using net::Desired;
using net::Namespace;

/// "r1:eth0", "r1:lo".
std::string end_name(const Namespace& ns, std::uint32_t device) {
  return fmt::format("{}:{}", ns.name, device == net::none ? "lo" : ns.devices[device].name);
}

std::string place(const Namespace& ns) {
  return ns.role == Namespace::Role::Segment ? "network " + ns.name : ns.name;
}

std::string veth_text(const Namespace& ns, const net::Device& device, const Desired& desired) {
  const Namespace& other = desired.namespaces[device.peer_namespace];
  std::string text =
      fmt::format("create veth {}:{} -- {}", ns.name, device.name, end_name(other, device.peer_device));
  if (device.mtu != 0) text += fmt::format(" (mtu {})", device.mtu);
  return text;
}

std::string bridge_text(const Namespace& ns, const net::Device& device) {
  std::string text = fmt::format("create bridge {}:{}", ns.name, device.name);
  if (device.floods) text += " (floods, as a hub)";
  if (device.bridging.tree.runs) text += " (spanning tree)";
  if (device.bridging.filters) text += " (VLANs)";
  if (device.mtu != 0) text += fmt::format(" (mtu {})", device.mtu);
  return text;
}

void add_share(std::string& text, std::string_view word, double share) {
  if (share > 0) text += fmt::format(" {} {}", word, percent_text(share));
}

std::string shape_text(const Namespace& ns, std::uint32_t device) {
  const net::Impairment& egress = ns.devices[device].egress;
  if (egress.none()) return fmt::format("clear {}", end_name(ns, device));
  return fmt::format("shape {} with{}", end_name(ns, device), impairment_words(egress));
}

std::string up_text(const Namespace& ns, std::uint32_t device) {
  const std::uint32_t master = device == net::none ? net::none : ns.devices[device].master;
  if (master == net::none) return fmt::format("bring up {}", end_name(ns, device));
  if (ns.devices[device].kind == net::Device::Kind::Existing)
    return fmt::format("put the host's {} into bridge {}, and its addresses and routes onto it",
                       ns.devices[device].name, ns.devices[master].name);
  const net::Device& into = ns.devices[master];
  const std::string_view kind =
      into.kind == net::Device::Kind::Other ? net::link_type_name(into.link->type) : "bridge";
  std::string text = fmt::format("bring up {} in {} {}", end_name(ns, device), kind, into.name);
  for (const net::PortVlan& vlan : ns.devices[device].port.vlans)
    text += fmt::format(" {} {}", vlan.untagged ? "vlan" : "tagged vlan", vlan.id);
  return text;
}

std::string_view type_text(net::Route::Type type) {
  switch (type) {
    case net::Route::Type::Unreachable:
      return "unreachable ";
    case net::Route::Type::Blackhole:
      return "blackhole ";
    case net::Route::Type::Prohibit:
      return "prohibit ";
    case net::Route::Type::Local:
      return "local ";
    default:
      return "";
  }
}

std::string hop_text(const net::NextHop& hop) {
  std::string text;
  if (hop.via) text += " via " + hop.via->text();
  if (!hop.device.empty()) text += " dev " + hop.device;
  return text;
}

std::string route_text(const Namespace& ns, const net::Route& route) {
  return fmt::format("add route {} in {}", route_words(route), place(ns));
}

std::string action_text(const net::Rule& rule) {
  switch (rule.action) {
    case net::Rule::Action::Unreachable:
      return "unreachable";
    case net::Rule::Action::Blackhole:
      return "blackhole";
    case net::Rule::Action::Prohibit:
      return "prohibit";
    case net::Rule::Action::Goto:
      return fmt::format("goto {}", rule.target);
    case net::Rule::Action::Nop:
      return "nop";
    default:
      // As ip-rule(8) names the table of whatever VRF a packet is in.
      return rule.table == 0 ? "lookup [l3mdev-table]" : fmt::format("lookup {}", rule.table);
  }
}

std::string rule_text(const Namespace& ns, const net::Rule& rule) {
  const char* doing = rule.family == Family::V6 ? "add IPv6 rule" : "add rule";
  return fmt::format("{}{} in {}", doing, rule_words(rule), place(ns));
}

/// "give r1:eth0 back its name and MAC", "take r1:eth0 out of the bridge that it is in".
std::string adjust_text(const std::string& end, std::uint32_t what) {
  std::vector<std::string_view> own;
  if ((what & net::adjust_name) != 0) own.emplace_back("name");
  if ((what & net::adjust_mac) != 0) own.emplace_back("MAC");
  if ((what & net::adjust_mtu) != 0) own.emplace_back("MTU");
  std::string text;
  for (std::size_t i = 0; i < own.size(); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : i + 1 == own.size() ? " and " : ", ", own[i]);
  if (!own.empty()) text = fmt::format("give {} back its {}", end, text);
  if ((what & net::adjust_master) == 0) return text;
  return text.empty() ? fmt::format("take {} out of the bridge that it is in", end)
                      : text + ", and take it out of the bridge that it is in";
}

const InterfaceAddress& address_of(const Operation& operation, const Namespace& ns) {
  return operation.device == net::none ? ns.loopback[operation.item]
                                       : ns.devices[operation.device].addresses[operation.item];
}

}  // namespace

std::string impairment_words(const net::Impairment& egress) {
  std::string text;
  if (egress.rate != 0) text += " rate " + rate_text(egress.rate);
  if (egress.delay.count() != 0) text += " delay " + duration_text(egress.delay);
  if (egress.jitter.count() != 0) text += " jitter " + duration_text(egress.jitter);
  add_share(text, "loss", egress.loss);
  add_share(text, "corrupt", egress.corrupt);
  add_share(text, "duplicate", egress.duplicate);
  add_share(text, "reorder", egress.reorder);
  if (egress.limit != 0) text += fmt::format(" limit {}", egress.limit);
  if (egress.seed) text += fmt::format(" seed {}", *egress.seed);
  return text;
}

std::string route_words(const net::Route& route) {
  const std::string to = route.to.length == 0 ? "default" : route.to.text();
  std::string text = fmt::format("{}{}", type_text(route.type), to);
  if (route.next_hops.size() == 1) {
    text += hop_text(route.next_hops[0]);
  } else {
    for (const net::NextHop& hop : route.next_hops) {
      text += " nexthop" + hop_text(hop);
      if (hop.weight != 1) text += fmt::format(" weight {}", hop.weight);
    }
  }
  if (route.source) text += " src " + route.source->text();
  if (route.metric != 0) text += fmt::format(" metric {}", route.metric);
  if (route.table != 254) text += fmt::format(" table {}", route.table);
  return text;
}

std::string rule_words(const net::Rule& rule) {
  std::string text;
  if (rule.priority) text += fmt::format(" priority {}", *rule.priority);
  if (rule.from) text += " from " + rule.from->text();
  if (rule.to) text += " to " + rule.to->text();
  if (!rule.in_interface.empty()) text += " iif " + rule.in_interface;
  if (!rule.out_interface.empty()) text += " oif " + rule.out_interface;
  if (rule.mark) text += fmt::format(" fwmark {:#x}", *rule.mark);
  if (rule.mark_mask) text += fmt::format("/{:#x}", *rule.mark_mask);
  return fmt::format("{} {}", text, action_text(rule));
}

std::string describe(const Operation& operation, const Desired& desired) {
  const Namespace& ns = desired.namespaces[operation.ns];
  const std::uint32_t device = operation.device;
  switch (operation.verb) {
    case Verb::CreateNamespace:
      if (ns.adopted == net::host_namespace) return fmt::format("enter the host's network for {}", ns.name);
      if (!ns.adopted.empty())
        return fmt::format("enter the network of container {} as {}", ns.adopted, ns.name);
      return fmt::format("create namespace {} ({})", place(ns), ns.kind);
    case Verb::WriteSysctl: {
      const net::Sysctl& sysctl = ns.sysctls[operation.item];
      return fmt::format("set {} = {} in {}", sysctl.name, sysctl.value, place(ns));
    }
    case Verb::CreateVeth:
      return veth_text(ns, ns.devices[device], desired);
    case Verb::CreateBridge:
      return bridge_text(ns, ns.devices[device]);
    case Verb::CreateDevice:
      return device_text(ns, ns.devices[device], desired);
    case Verb::CreateTap:
      if (ns.devices[device].link) return device_text(ns, ns.devices[device], desired);
      return fmt::format("create tap {}", end_name(ns, device));
    case Verb::SumFirst:
      return fmt::format("let {} make the checksums of what it sends", end_name(ns, device));
    case Verb::LoadRuleset:
      return fmt::format("load ruleset {} of {}", operation.item + 1, place(ns));
    case Verb::Shape:
      return shape_text(ns, device);
    case Verb::SetUp:
      return up_text(ns, device);
    case Verb::AddAddress:
      return fmt::format("add address {} to {}", address_of(operation, ns).text(), end_name(ns, device));
    case Verb::AddNeighbour: {
      const net::Neighbour& neighbour = ns.devices[device].neighbours[operation.item];
      return fmt::format("add neighbour {} at {} to {}", neighbour.address.text(), neighbour.mac.text(),
                         end_name(ns, device));
    }
    case Verb::AddRoute:
      return route_text(ns, ns.routes[operation.item]);
    case Verb::AddRule:
      return rule_text(ns, ns.rules[operation.item]);
    case Verb::SetDown:
      return fmt::format("take down {}", end_name(ns, device));
    case Verb::MakeRoom:
      return fmt::format("remove what is left of {}", end_name(ns, device));
    case Verb::Adjust:
      return adjust_text(end_name(ns, device), operation.item);
  }
  return {};
}

std::string describe_undo(const Operation& operation, const Desired& desired) {
  const Namespace& ns = desired.namespaces[operation.ns];
  switch (operation.verb) {
    case Verb::CreateNamespace:
      if (!ns.adopted.empty()) return fmt::format("put back what was changed for {}", ns.name);
      return fmt::format("delete namespace {}", place(ns));
    case Verb::SetDown:
      return up_text(ns, operation.device);
    // All else goes with its namespace, and a veth with either of its ends.
    default:
      return {};
  }
}

Span reason(const Operation& operation, const Desired& desired) {
  const Namespace& ns = desired.namespaces[operation.ns];
  if (operation.device != net::none && ns.devices[operation.device].origin.known())
    return ns.devices[operation.device].origin;
  return ns.origin;
}

}  // namespace hopyard::plan
