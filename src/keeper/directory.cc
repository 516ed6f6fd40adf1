#include "keeper/directory.hh"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.hh"

namespace hopyard::keeper {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Directory::Directory(const net::Desired& desired) : desired_(&desired) {
  nodes_.reserve(desired.namespaces.size());
  wires_.reserve(desired.namespaces.size());
  for (std::uint32_t index = 0; index < desired.namespaces.size(); ++index) {
    if (desired.namespaces[index].role != net::Namespace::Role::Between)
      nodes_.emplace(desired.namespaces[index].name, index);
    wires_.emplace_back(desired.namespaces[index].devices.size(), net::none);
  }
  for (std::uint32_t index = 0; index < desired.wires.size(); ++index) {
    const net::Wire& wire = desired.wires[index];
    for (int end = 0; end < 2; ++end)
      if (wire.namespaces[end] != net::none) wires_[wire.namespaces[end]][wire.devices[end]] = index;
  }
}

Result<std::uint32_t> Directory::node(std::string_view name) const {
  if (const auto found = nodes_.find(name); found != nodes_.end()) return found->second;
  for (const auto& [elsewhere, machine] : desired_->elsewhere)
    if (elsewhere == name)
      return refusal(
          fmt::format("node {} is on machine {}", name, machine), "",
          fmt::format("this is machine {} of lab {}: do it there", desired_->machine, desired_->lab));
  std::vector<std::string_view> names;
  names.reserve(nodes_.size() + desired_->elsewhere.size());
  for (const auto& ns : desired_->namespaces)
    if (ns.role != net::Namespace::Role::Between) names.push_back(ns.name);
  for (const auto& [elsewhere, machine] : desired_->elsewhere) names.push_back(elsewhere);
  return refusal(fmt::format("no node '{}' in lab {}", name, desired_->lab), "", did_you_mean(name, names));
}

Result<Target> Directory::interface(std::string_view node_name, std::string_view interface_name) const {
  HOPYARD_TAKE(ns, node(node_name));
  const auto& devices = desired_->namespaces[ns].devices;
  std::vector<std::string_view> names;
  for (std::uint32_t device = 0; device < devices.size(); ++device) {
    if (devices[device].name == interface_name) {
      return Target{Target::Kind::Interface, ns, device, wires_[ns][device], false};
    }
    names.push_back(devices[device].name);
  }
  return refusal(fmt::format("node {} has no interface '{}'", node_name, interface_name), "",
                 did_you_mean(interface_name, names));
}

Directory::EndName Directory::end_name(std::string_view text) {
  text = trimmed(text);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool Directory::matches(const net::Wire& wire, int end, const EndName& name) const {
  if (wire.namespaces[end] == net::none)
    return wire.far->node == name.node && (name.interface.empty() || wire.far->interface == name.interface);
  const net::Namespace& ns = desired_->namespaces[wire.namespaces[end]];
  return ns.name == name.node &&
         (name.interface.empty() || ns.devices[wire.devices[end]].name == name.interface);
}

Result<Target> Directory::link(std::string_view first, std::string_view second, std::string_view text) const {
  const EndName one = end_name(first);
  const EndName other = end_name(second);
  // One of the two may be on another machine.
  const auto elsewhere = [&](std::string_view name) {
    return std::ranges::any_of(desired_->elsewhere, [&](const auto& known) { return known.first == name; });
  };
  const bool half = elsewhere(one.node) != elsewhere(other.node);
  if (!half || !elsewhere(one.node)) HOPYARD_TRY(node(one.node));
  if (!half || !elsewhere(other.node)) HOPYARD_TRY(node(other.node));
  std::vector<Target> found;
  for (std::uint32_t index = 0; index < desired_->wires.size(); ++index) {
    const net::Wire& wire = desired_->wires[index];
    const bool forward = matches(wire, 0, one) && matches(wire, 1, other);
    if (forward || (matches(wire, 1, one) && matches(wire, 0, other))) {
      found.push_back({Target::Kind::Wire, net::none, net::none, index, !forward});
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return refusal(fmt::format("no link '{}' in lab {}", text, desired_->lab), "");
  return refusal(fmt::format("{} links are called '{}'", found.size(), text), "",
                 fmt::format("name the interfaces too, as in {}", desired_->wires[found.front().wire].name));
}

Result<Target> Directory::target(std::string_view text) const {
  text = trimmed(text);
  if (const std::size_t dashes = text.find("--");
      dashes != std::string_view::npos && !nodes_.contains(text)) {
    return link(text.substr(0, dashes), text.substr(dashes + 2), text);
  }
  if (const EndName end = end_name(text); !end.interface.empty()) return interface(end.node, end.interface);
  HOPYARD_TAKE(ns, node(text));
  return Target{Target::Kind::Node, ns, net::none, net::none, false};
}

}  // namespace hopyard::keeper
