#include <fmt/format.h>

#include <algorithm>

#include "language/lookup.hh"

namespace hopyard::language {
namespace {

using net::LinkType;

/// The interfaces that one node has beside the ends of its links.
class OwnInterfaces {
 public:
  OwnInterfaces(Draft& draft, std::uint32_t node) : draft_(draft), node_(node) {}

  void run() {
    std::vector<InterfaceDraft*> open;
    for (InterfaceDraft& one : draft_.nodes[node_].interfaces)
      if (one.type.type && fit(one)) open.push_back(&one);
    // What an interface stands on or consists of comes before it.
    for (bool moved = true; moved && !open.empty();) {
      moved = false;
      std::erase_if(open, [&](const InterfaceDraft* one) {
        if (!ready(*one)) return false;
        make(*one);
        return moved = true;
      });
    }
    for (const InterfaceDraft* one : open) explain(*one);
    check_ports();
  }

 private:
  lab::Node& here() { return draft_.lab.nodes[node_]; }
  Report& report() { return draft_.context.report; }
  std::optional<std::uint32_t> index_of(std::string_view name) {
    for (std::uint32_t i = 0; i < here().interfaces.size(); ++i)
      if (here().interfaces[i].name == name) return i;
    return std::nullopt;
  }

  bool fit(const InterfaceDraft& one) {
    if (lab::is_layer_two(here().kind)) {
      report().error(
          one.type.type_at,
          fmt::format("'{}' is a {}: its interfaces are ports", here().name, lab::kind_name(here().kind)),
          "an interface of a type belongs to a host or router");
      return false;
    }
    if (const auto reason = bad_interface_name(one.name.value)) {
      report().error(one.name.at, fmt::format("'{}' cannot be the name of an interface", one.name.value),
                     *reason);
      return false;
    }
    if (!index_of(one.name.value)) return true;
    report().error(one.type.type_at,
                   fmt::format("'{}:{}' is the end of a link, and so no {}", here().name, one.name.value,
                               net::link_type_name(*one.type.type)),
                   "give the interface another name");
    return false;
  }

  bool ready(const InterfaceDraft& one) {
    if (one.type.on && !index_of(one.type.on->value)) return false;
    return std::ranges::all_of(one.type.of,
                               [&](const Text& port) { return index_of(port.value).has_value(); });
  }

  void make(const InterfaceDraft& one) {
    const auto index = static_cast<std::uint32_t>(here().interfaces.size());
    lab::Interface fresh;
    fresh.name = one.name.value;
    fresh.settings = std::make_shared<net::LinkSettings>(one.type.settings);
    fresh.at = one.name.at;
    if (one.type.on) fresh.lower = *index_of(one.type.on->value);
    for (const Text& port : one.type.of) take(port, *index_of(port.value), one, index);
    here().interfaces.push_back(std::move(fresh));
  }

  void take(const Text& name, std::uint32_t port, const InterfaceDraft& one, std::uint32_t index) {
    lab::Interface& taken = here().interfaces[port];
    if (taken.master == lab::none) {
      taken.master = index;
      return;
    }
    report().error(
        name.at, fmt::format("'{}' belongs to two interfaces, '{}' among them", taken.name, one.name.value));
  }

  void explain(const InterfaceDraft& one) {
    InterfaceLookup lookup(draft_);
    std::vector<Text> names = one.type.of;
    if (one.type.on) names.push_back(*one.type.on);
    for (const Text& name : names) {
      const auto& drafts = draft_.nodes[node_].interfaces;
      const bool typed = std::ranges::any_of(drafts, [&](const InterfaceDraft& other) {
        return other.type.type && other.name.value == name.value;
      });
      if (typed)
        report().error(name.at,
                       fmt::format("'{}' stands on '{}', and that on it", one.name.value, name.value));
      else
        (void)lookup.find(node_, name);
    }
  }

  /// Ports of a bond or a team pass on what it sends, and have no addresses.
  void check_ports() {
    InterfaceLookup lookup(draft_);
    const auto refuse = [&](std::uint32_t index, Span at) {
      const lab::Interface& one = here().interfaces[index];
      if (!lab::is_port(here(), one)) return;
      const lab::Interface& master = here().interfaces[one.master];
      report().error(
          at,
          fmt::format("'{}:{}' is a port of '{}' and has no addresses", here().name, one.name, master.name),
          fmt::format("give them to '{}'", master.name));
    };
    for (const InterfaceDraft& one : draft_.nodes[node_].interfaces)
      if (const auto index = index_of(one.name.value)) {
        if (one.addresses && !one.addresses->empty()) refuse(*index, one.addresses_at);
        if (one.dhcp.value_or(false)) refuse(*index, one.dhcp_at);
      }
    for (const AddressDraft& one : draft_.nodes[node_].addresses)
      if (const auto index = index_of(one.key.value)) refuse(*index, one.key.at);
  }

  Draft& draft_;
  std::uint32_t node_;
};

}  // namespace

void add_own_interfaces(Draft& draft) {
  for (std::uint32_t node = 0; node < draft.lab.nodes.size(); ++node) {
    for (InterfaceDraft& one : draft.nodes[node].interfaces) check_type(draft.context, one.type, false);
    const auto& all = draft.nodes[node].interfaces;
    if (std::ranges::any_of(all, [](const InterfaceDraft& one) { return one.type.type.has_value(); }))
      OwnInterfaces(draft, node).run();
  }
}

}  // namespace hopyard::language
