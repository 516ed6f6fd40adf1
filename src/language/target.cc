#include "language/target.hh"

#include <fmt/format.h>

#include <algorithm>

#include "language/given.hh"

namespace hopyard::language {
namespace {

/// Finds the addresses of a node as another one would use them.
class Target {
 public:
  Target(Draft& draft, std::uint32_t from, std::uint32_t node) : draft_(draft), from_(from), node_(node) {}

  std::vector<IpAddress> addresses(const Chosen& chosen) {
    const lab::Node& there = draft_.lab.nodes[node_];
    const auto counts = [&](std::uint32_t i) { return !chosen || chosen(i); };
    for (std::uint32_t i = 0; i < there.interfaces.size(); ++i)
      if (counts(i) && near(i)) take(there.interfaces[i].addresses);
    for (std::uint32_t i = 0; i < there.interfaces.size(); ++i)
      if (counts(i)) take(there.interfaces[i].addresses);
    take(there.loopback);
    for (const lab::Node& server : draft_.lab.nodes)
      for (const lab::DhcpHost& host : server.dhcp.hosts)
        if (host.name == there.name)
          for (const IpAddress& one : host.addresses)
            if (one.family() == Family::V4) take({{one, bits(one.family())}});  // IPv6: see docs/dhcp-nat.md
    return found_;
  }

 private:
  [[nodiscard]] std::uint32_t segment(std::uint32_t node, std::uint32_t interface) const {
    return draft_.segment_of[draft_.first_interface[node] + interface];
  }
  [[nodiscard]] bool near(std::uint32_t interface) const {
    for (std::uint32_t i = 0; i < draft_.lab.nodes[from_].interfaces.size(); ++i)
      if (segment(from_, i) == segment(node_, interface)) return true;
    return false;
  }
  void take(const std::vector<InterfaceAddress>& list) {
    for (const InterfaceAddress& one : list) {
      const auto same = [&](const IpAddress& other) { return other.family() == one.address.family(); };
      if (!link_local(one.address) && std::ranges::none_of(found_, same)) found_.push_back(one.address);
    }
  }

  Draft& draft_;
  std::uint32_t from_;
  std::uint32_t node_;
  std::vector<IpAddress> found_;
};

}  // namespace

std::vector<IpAddress> addresses_from(Draft& draft, std::uint32_t from, std::uint32_t node,
                                      const Chosen& chosen) {
  return Target(draft, from, node).addresses(chosen);
}

std::optional<std::uint32_t> find_node(Draft& draft, const Text& name) {
  if (const auto found = draft.node_index.find(name.value); found != draft.node_index.end())
    return found->second;
  std::vector<std::string_view> names;
  names.reserve(draft.lab.nodes.size());
  for (const lab::Node& one : draft.lab.nodes) names.push_back(one.name);
  draft.context.report.error(name.at, fmt::format("'{}' is neither an address nor a node", name.value),
                             suggest(name.value, names));
  return std::nullopt;
}

std::vector<IpAddress> addresses_of(Draft& draft, std::uint32_t from, const Text& host) {
  if (const auto address = IpAddress::parse(host.value)) return {*address};
  const auto node = find_node(draft, host);
  if (!node) return {};
  auto addresses = addresses_from(draft, from, *node);
  if (addresses.empty())
    draft.context.report.error(host.at, fmt::format("'{}' has no address that is known before", host.value),
                               fmt::format("a fixed one at its DHCP server: hosts: {{{}: .80}}", host.value));
  return addresses;
}

}  // namespace hopyard::language
