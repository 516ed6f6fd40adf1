#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "lab/segments.hh"
#include "language/given.hh"
#include "language/lookup.hh"

namespace hopyard::language {
namespace {

constexpr std::size_t most_ports = 1023;  // BR_MAX_PORTS - 1, net/bridge/br_private.h

/// What only shows once the whole lab is there.
class Check {
 public:
  explicit Check(Draft& draft) : draft_(draft), report_(draft.context.report), lab_(draft.lab) {}

  void run() {
    for (std::uint32_t i = 0; i < lab_.nodes.size(); ++i) {
      const lab::Node& node = lab_.nodes[i];
      if (lab::is_layer_two(node.kind)) layer_two(i);
      if (node.kind == lab::Kind::External || node.kind == lab::Kind::Container) check_world(draft_, i);
      addresses_of(node);
      if (node.kind != lab::Kind::Container) check_dynamic(draft_, node);
      sysctls(i);
      for (const lab::Interface& one : node.interfaces) mtu(node, one);
    }
    ports_of_networks();
    macs();
  }

 private:
  void layer_two(std::uint32_t index);
  void addresses_of(const lab::Node& node);
  void sysctls(std::uint32_t index);
  void mtu(const lab::Node& node, const lab::Interface& interface);
  void ports_of_networks();
  void macs();
  [[nodiscard]] Span mac_place(std::uint32_t node, const lab::Interface& interface) const;

  Draft& draft_;
  Report& report_;
  lab::Lab& lab_;
};

void Check::layer_two(std::uint32_t index) {
  const lab::Node& node = lab_.nodes[index];
  const NodeDraft& draft = draft_.nodes[index];
  const std::string message =
      fmt::format("'{}' is a {} and has no addresses or routes", node.name, lab::kind_name(node.kind));
  const std::string help = "its interfaces are ports; an address of the network belongs to a host or router";
  if (draft.layer_three.known()) report_.error(draft.layer_three, message, help);
  if (draft.addresses_at.known() && !lab::is_ovs(node)) report_.error(draft.addresses_at, message, help);
  for (const InterfaceDraft& one : draft.interfaces)
    if (one.addresses) report_.error(one.addresses_at, message, help);
  if (node.interfaces.size() > most_ports && !lab::is_ovs(node))
    report_.error(node.at,
                  fmt::format("'{}' has {} interfaces; a bridge of Linux has {} ports", node.name,
                              node.interfaces.size(), most_ports),
                  "link several switches");
}

void Check::addresses_of(const lab::Node& node) {
  if (node.interfaces.size() + node.loopback.size() < 2) return;
  // Each VRF is a world of its own.
  std::vector<std::pair<std::uint32_t, IpAddress>> all;
  all.reserve(node.loopback.size() + 2 * node.interfaces.size());
  for (const InterfaceAddress& one : node.loopback) all.emplace_back(lab::none, one.address);
  for (const lab::Interface& one : node.interfaces)
    for (const InterfaceAddress& address : one.addresses)
      if (!link_local(address.address)) all.emplace_back(lab::vrf_of(node, one), address.address);
  std::sort(all.begin(), all.end());
  const auto twice = std::adjacent_find(all.begin(), all.end());
  if (twice != all.end())
    report_.error(node.at, fmt::format("'{}' has the address {} twice", node.name, twice->second.text()));
}

/// The interface in "net.ipv4.conf.eth0.rp_filter".
void Check::sysctls(std::uint32_t index) {
  const lab::Node& node = lab_.nodes[index];
  for (const net::Sysctl& one : node.sysctls) {
    std::string_view rest = one.name;
    bool per_interface = false;
    for (const std::string_view start :
         {"net.ipv4.conf.", "net.ipv6.conf.", "net.ipv4.neigh.", "net.ipv6.neigh."})
      if (rest.starts_with(start)) {
        rest.remove_prefix(start.size());
        per_interface = true;
      }
    if (!per_interface) continue;
    const std::string_view name = rest.substr(0, rest.rfind('.'));
    if (name == "all" || name == "default" || name == "lo") continue;
    const auto known = std::any_of(node.interfaces.begin(), node.interfaces.end(),
                                   [&](const lab::Interface& interface) { return interface.name == name; });
    if (!known)
      report_.error(node.at,
                    fmt::format("sysctl '{}': '{}' has no interface '{}'", one.name, node.name, name));
  }
}

void Check::mtu(const lab::Node& node, const lab::Interface& interface) {
  if (interface.mtu == 0 || interface.mtu >= 1280) return;
  if (interface.automatic)
    report_.error(interface.at,
                  fmt::format("'{}:{}' is to get IPv6 addresses and has an MTU of {}", node.name,
                              interface.name, interface.mtu),
                  "IPv6 needs an MTU of 1280 or more (RFC 8200)");
  for (const InterfaceAddress& one : interface.addresses)
    if (one.address.family() == Family::V6)
      return report_.error(interface.at,
                           fmt::format("'{}:{}' has the address {} and an MTU of {}", node.name,
                                       interface.name, one.text(), interface.mtu),
                           "IPv6 needs an MTU of 1280 or more (RFC 8200)");
}

void Check::ports_of_networks() {
  std::vector<std::size_t> ports(lab_.networks.size());
  for (const lab::Link& link : lab_.links)
    for (const lab::End& end : link.ends)
      if (end.to == lab::End::To::Network) ++ports[end.index];
  for (std::size_t i = 0; i < ports.size(); ++i)
    if (ports[i] > most_ports)
      report_.error(lab_.networks[i].at,
                    fmt::format("{} interfaces are attached to '{}'; a bridge of Linux has {} ports",
                                ports[i], lab_.networks[i].name, most_ports),
                    "two networks that a router joins, or several switches");
}

Span Check::mac_place(std::uint32_t node, const lab::Interface& interface) const {
  for (const InterfaceDraft& one : draft_.nodes[node].interfaces)
    if (one.mac && one.name.value == interface.name) return one.mac_at;
  return interface.at;
}

void Check::macs() {
  bool any_given = false;
  for (const NodeDraft& node : draft_.nodes)
    for (const InterfaceDraft& one : node.interfaces) any_given = any_given || one.mac;
  if (!any_given) return;
  for (const lab::Segment& segment : lab::segments(lab_)) {
    if (segment.members.size() < 2) continue;
    std::unordered_map<std::uint64_t, lab::Segment::Member> seen;
    for (const auto& member : segment.members) {
      const lab::Interface& interface = lab_.nodes[member.node].interfaces[member.interface];
      if (interface.settings && interface.settings->type == net::LinkType::Ipvlan)
        continue;  // has its lower's
      std::uint64_t number = 0;
      for (const std::uint8_t byte : interface.mac.bytes) number = number << 8U | byte;
      const auto [known, fresh] = seen.try_emplace(number, member);
      if (fresh) continue;
      const lab::Node& other = lab_.nodes[known->second.node];
      report_.error(mac_place(member.node, interface),
                    fmt::format("{} is the MAC of '{}:{}' already", interface.mac.text(), other.name,
                                other.interfaces[known->second.interface].name),
                    "within one network each interface has its own");
    }
  }
}

}  // namespace

void check(Draft& draft) {
  Check(draft).run();
}

}  // namespace hopyard::language
