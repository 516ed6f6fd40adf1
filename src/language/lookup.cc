#include "language/lookup.hh"

#include <fmt/format.h>

namespace hopyard::language {
namespace {

constexpr std::size_t few = 16;  ///< interfaces that are faster to compare than to hash

/// The network at the other end of an interface's link, if it is one.
std::uint32_t network_of(const lab::Lab& lab, const lab::Interface& interface) {
  if (interface.link == lab::none) return lab::none;
  const lab::End& other = lab.links[interface.link].ends[1 - interface.end];
  return other.to == lab::End::To::Network ? other.index : lab::none;
}

}  // namespace

std::optional<std::uint32_t> InterfaceLookup::by_name(std::uint32_t node, std::string_view name) {
  const auto& interfaces = draft_.lab.nodes[node].interfaces;
  if (interfaces.size() <= few) {
    for (std::uint32_t i = 0; i < interfaces.size(); ++i)
      if (interfaces[i].name == name) return i;
    return std::nullopt;
  }
  if (cached_ != node) {
    names_.clear();
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) names_.emplace(interfaces[i].name, i);
    cached_ = node;
  }
  const auto found = names_.find(name);
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> InterfaceLookup::by_network(std::uint32_t node, std::uint32_t network,
                                                         const Text& name) {
  const auto& interfaces = draft_.lab.nodes[node].interfaces;
  std::optional<std::uint32_t> found;
  for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
    if (network_of(draft_.lab, interfaces[i]) != network) continue;
    if (found) {
      draft_.context.report.error(
          name.at,
          fmt::format("'{}' is attached to '{}' by {} and {}", draft_.lab.nodes[node].name, name.value,
                      interfaces[*found].name, interfaces[i].name),
          "name the interface");
      return std::nullopt;
    }
    found = i;
  }
  if (!found) unknown(node, name);
  return found;
}

std::optional<std::uint32_t> InterfaceLookup::find(std::uint32_t node, const Text& name) {
  if (const auto found = by_name(node, name.value)) return found;
  if (const auto network = draft_.network_index.find(name.value); network != draft_.network_index.end())
    return by_network(node, network->second, name);
  unknown(node, name);
  return std::nullopt;
}

void InterfaceLookup::unknown(std::uint32_t node, const Text& name) {
  const lab::Node& owner = draft_.lab.nodes[node];
  std::vector<std::string_view> names;
  for (const lab::Interface& one : owner.interfaces) {
    names.push_back(one.name);
    if (const std::uint32_t network = network_of(draft_.lab, one); network != lab::none)
      names.push_back(draft_.lab.networks[network].name);
  }
  std::string help = suggest(name.value, names);
  if (help.empty() && names.empty()) help = fmt::format("no link of the lab ends at '{}'", owner.name);
  if (help.empty() && names.size() <= few) help = fmt::format("it has: {}", fmt::join(names, ", "));
  const bool network = draft_.network_index.contains(name.value);
  draft_.context.report.error(name.at,
                              network ? fmt::format("'{}' is not attached to '{}'", owner.name, name.value)
                                      : fmt::format("'{}' has no interface '{}'", owner.name, name.value),
                              std::move(help));
}

}  // namespace hopyard::language
