#include <fmt/format.h>

#include <algorithm>

#include "language/given.hh"
#include "language/lookup.hh"

namespace hopyard::language {
namespace {

/// Turns the names in routes, rules and NAT into addresses and interfaces.
class Resolution {
 public:
  explicit Resolution(Draft& draft)
      : draft_(draft), context_(draft.context), lab_(draft.lab), lookup_(draft) {}

  void run() {
    for (node_ = 0; node_ < lab_.nodes.size(); ++node_) {
      if (lab::is_layer_two(lab_.nodes[node_].kind)) continue;
      for (const RouteDraft& one : draft_.nodes[node_].routes) route(one);
      for (const RuleDraft& one : draft_.nodes[node_].rules) rule(one);
      for (const Text& one : draft_.nodes[node_].nat_out)
        if (const auto index = lookup_.find(node_, one)) here().nat_out.push_back(interface(*index).name);
      passive(draft_.nodes[node_].ospf_passive, here().dynamic.ospf.passive);
      for (OspfInterfaceDraft one : draft_.nodes[node_].ospf_interfaces)
        if (const auto index = lookup_.find(node_, one.name)) {
          one.value.name = interface(*index).name;
          here().dynamic.ospf.interfaces.push_back(one.value);
        }
      passive(draft_.nodes[node_].rip_passive, here().dynamic.rip.passive);
      passive(draft_.nodes[node_].isis_passive, here().dynamic.isis.passive);
      here().forwards = resolve_forwards(draft_, node_, draft_.nodes[node_].forwards);
    }
  }

 private:
  /// A neighbour's address and the interface that leads to it.
  struct Neighbour {
    IpAddress address;
    std::uint32_t interface;
  };

  lab::Node& here() { return lab_.nodes[node_]; }
  lab::Interface& interface(std::uint32_t index) { return here().interfaces[index]; }
  void passive(const std::vector<Text>& names, std::vector<std::string>& into) {
    for (const Text& one : names)
      if (const auto index = lookup_.find(node_, one)) into.push_back(interface(*index).name);
  }
  void route(const RouteDraft& draft);
  bool destination(const RouteDraft& draft, net::Route& route, std::optional<Family>& family);
  bool hop(const RouteDraft& route, const HopDraft& draft, std::optional<Family>& family, net::NextHop& hop);
  bool via_address(const RouteDraft& route, const HopDraft& draft, const IpAddress& address,
                   net::NextHop& hop);
  std::optional<Neighbour> neighbour(const Text& name, std::optional<std::uint32_t> dev,
                                     std::optional<Family> family);
  bool source(const RouteDraft& draft, net::Route& route);
  void rule(const RuleDraft& draft);
  std::optional<std::string> device(const Text& name);
  bool has_family(Family family);

  Draft& draft_;
  Context& context_;
  lab::Lab& lab_;
  InterfaceLookup lookup_;
  std::uint32_t node_ = 0;
};

bool Resolution::destination(const RouteDraft& draft, net::Route& route, std::optional<Family>& family) {
  if (draft.to.value == "default") {
    for (const HopDraft& one : draft.hops)
      if (const auto address = one.via ? IpAddress::parse(one.via->value) : std::nullopt; address && !family)
        family = address->family();
    return true;
  }
  const auto prefix = Prefix::parse(draft.to.value);
  if (prefix) {
    route.to = *prefix;
    family = prefix->family();
    return true;
  }
  std::string help = "a prefix such as 10.1.0.0/16, or default";
  if (const auto address = IpAddress::parse(draft.to.value))
    help = fmt::format("write {}/{}", address->text(), bits(address->family()));
  else if (const auto host = InterfaceAddress::parse(draft.to.value))
    help = fmt::format("the prefix of that address is {}", host->prefix().text());
  context_.report.error(draft.to.at,
                        fmt::format("'to' must be a prefix or default, not '{}'", draft.to.value),
                        std::move(help));
  return false;
}

std::optional<Resolution::Neighbour> Resolution::neighbour(const Text& name, std::optional<std::uint32_t> dev,
                                                           std::optional<Family> family) {
  const auto found = draft_.node_index.find(name.value);
  if (found == draft_.node_index.end()) {
    std::vector<std::string_view> names;
    names.reserve(lab_.nodes.size());
    for (const lab::Node& one : lab_.nodes) names.push_back(one.name);
    std::string help = suggest(name.value, names);
    context_.report.error(name.at, fmt::format("'{}' is neither an address nor a node", name.value),
                          std::move(help));
    return std::nullopt;
  }
  if (found->second == node_) {
    context_.report.error(name.at, fmt::format("the gateway is '{}' itself", name.value));
    return std::nullopt;
  }
  const lab::Node& other = lab_.nodes[found->second];
  bool near = false;
  std::optional<Neighbour> best;
  for (std::uint32_t i = 0; i < other.interfaces.size(); ++i) {
    const std::uint32_t segment = draft_.segment_of[draft_.first_interface[found->second] + i];
    if (segment == lab::none) continue;
    for (std::uint32_t mine = 0; mine < here().interfaces.size(); ++mine) {
      if (draft_.segment_of[draft_.first_interface[node_] + mine] != segment || (dev && *dev != mine))
        continue;
      near = true;
      for (const InterfaceAddress& one : other.interfaces[i].addresses) {
        if (family && one.address.family() != *family) continue;
        if (!best || (best->address.family() == Family::V6 && one.address.family() == Family::V4))
          best = Neighbour{one.address, mine};
      }
    }
  }
  if (!near)
    context_.report.error(name.at, fmt::format("'{}' is not a neighbour of '{}'", name.value, here().name),
                          "a gateway shares a link or a network with the node");
  else if (!best)
    context_.report.error(
        name.at, fmt::format("'{}' has no address there that '{}' could use", name.value, here().name));
  return best;
}

bool Resolution::via_address(const RouteDraft& route, const HopDraft& draft, const IpAddress& address,
                             net::NextHop& hop) {
  hop.via = address;
  if (link_local(address)) {
    if (!hop.device.empty()) return true;
    context_.report.error(draft.at,
                          fmt::format("a gateway that is link-local needs 'dev': {}", address.text()));
    return false;
  }
  for (const lab::Interface& one : here().interfaces) {
    if (!hop.device.empty() && one.name != hop.device) continue;
    for (const InterfaceAddress& own : one.addresses)
      if (own.prefix().contains(address)) {
        if (own.address != address) return true;
        context_.report.error(draft.at,
                              fmt::format("the gateway {} is '{}' itself", address.text(), here().name));
        return false;
      }
  }
  // Another route may put the gateway on a link.
  for (const RouteDraft& one : draft_.nodes[node_].routes)
    if (&one != &route)
      if (const auto prefix = Prefix::parse(one.to.value);
          prefix && prefix->contains(address) && !one.hops.empty() && !one.hops.front().via)
        return true;
  context_.report.error(
      draft.at, fmt::format("no interface of '{}' reaches the gateway {}", here().name, address.text()),
      "a gateway is inside the prefix of one of the node's addresses");
  return false;
}

bool Resolution::hop(const RouteDraft& route, const HopDraft& draft, std::optional<Family>& family,
                     net::NextHop& hop) {
  hop.weight = draft.weight;
  std::optional<std::uint32_t> dev;
  if (draft.dev) {
    dev = lookup_.find(node_, *draft.dev);
    if (!dev) return false;
    hop.device = interface(*dev).name;
  }
  if (!draft.via) return draft.dev.has_value();
  if (const auto address = IpAddress::parse(draft.via->value)) {
    if (!family) family = address->family();
    if (address->family() == *family) return via_address(route, draft, *address, hop);
    context_.report.error(draft.via->at,
                          fmt::format("a gateway of the other address family: {}", address->text()));
    return false;
  }
  const auto found = neighbour(*draft.via, dev, family);
  if (!found) return false;
  family = found->address.family();
  hop.via = found->address;
  hop.device = interface(found->interface).name;
  return true;
}

bool Resolution::source(const RouteDraft& draft, net::Route& route) {
  if (!draft.source) return true;
  const auto address = IpAddress::parse(draft.source->value);
  if (!address) {
    context_.report.error(draft.source->at,
                          fmt::format("'source' must be an address, not '{}'", draft.source->value));
    return false;
  }
  const auto owns = [&](const std::vector<InterfaceAddress>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const InterfaceAddress& one) { return one.address == *address; });
  };
  bool own = owns(here().loopback);
  for (const lab::Interface& one : here().interfaces) own = own || owns(one.addresses);
  route.source = *address;
  if (own && address->family() == route.to.family()) return true;
  context_.report.error(draft.source->at,
                        own ? fmt::format("'source' is of the other address family: {}", address->text())
                            : fmt::format("'{}' does not have the address {}", here().name, address->text()));
  return false;
}

void Resolution::route(const RouteDraft& draft) {
  if (draft.to.value.empty()) return;  // reported when it was read
  net::Route route = draft.route;
  std::optional<Family> family;
  bool good = destination(draft, route, family);
  if (!good) return;
  for (const HopDraft& one : draft.hops) {
    net::NextHop next;
    if (hop(draft, one, family, next))
      route.next_hops.push_back(std::move(next));
    else
      good = false;
  }
  if (draft.to.value == "default")
    route.to = {family == Family::V6 ? IpAddress::from_bytes(Family::V6, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
                                     : IpAddress::v4(0),
                0};
  if (good && source(draft, route)) here().routes.push_back(std::move(route));
}

std::optional<std::string> Resolution::device(const Text& name) {
  if (name.value == "lo") return "lo";
  const auto index = lookup_.find(node_, name);
  return index ? std::optional(interface(*index).name) : std::nullopt;
}

bool Resolution::has_family(Family family) {
  const auto any = [&](const std::vector<InterfaceAddress>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const InterfaceAddress& one) { return one.address.family() == family; });
  };
  return any(here().loopback) || std::any_of(here().interfaces.begin(), here().interfaces.end(),
                                             [&](const lab::Interface& one) { return any(one.addresses); });
}

void Resolution::rule(const RuleDraft& draft) {
  net::Rule rule = draft.rule;
  for (const auto& [name, into] :
       {std::pair(&draft.iif, &rule.in_interface), std::pair(&draft.oif, &rule.out_interface)}) {
    if (!*name) continue;
    const auto found = device(**name);
    if (!found) return;
    *into = *found;
  }
  here().rules.push_back(rule);
  if (!draft.any_family || !has_family(Family::V6)) return;
  rule.family = Family::V6;
  here().rules.push_back(rule);
}

}  // namespace

void resolve(Draft& draft) {
  Resolution(draft).run();
  resolve_names(draft);
  resolve_radvd(draft);
  resolve_switches(draft);
  check_vms(draft);
}

}  // namespace hopyard::language
