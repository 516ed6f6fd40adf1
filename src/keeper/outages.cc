#include "keeper/outages.hh"

#include <algorithm>

#include "plan/drift.hh"

namespace hopyard::keeper {

std::vector<Outages::Place> Outages::places(const Target& target) const {
  std::vector<Place> all;
  // What was there before the lab is not the lab's to take down.
  const auto add = [&](std::uint32_t ns, std::uint32_t device) {
    if (ns != net::none && desired_->namespaces[ns].devices[device].kind != net::Device::Kind::Existing)
      all.emplace_back(ns, device);
  };
  switch (target.kind) {
    case Target::Kind::Interface:
      add(target.ns, target.device);
      break;
    case Target::Kind::Wire: {
      const net::Wire& wire = desired_->wires[target.wire];
      for (int end = 0; end < 2; ++end) add(wire.namespaces[end], wire.devices[end]);
      break;
    }
    case Target::Kind::Node:
      for (std::uint32_t device = 0; device < desired_->namespaces[target.ns].devices.size(); ++device)
        add(target.ns, device);
      break;
  }
  return all;
}

bool Outages::failed(const Target& target) const {
  switch (target.kind) {
    case Target::Kind::Interface:
      return devices_.contains({target.ns, target.device});
    case Target::Kind::Wire:
      return wires_.contains(target.wire);
    case Target::Kind::Node:
      return nodes_.contains(target.ns);
  }
  return false;
}

bool Outages::device_down(std::uint32_t ns, std::uint32_t device) const {
  const std::uint32_t wire = directory_->wire_of(ns, device);
  return nodes_.contains(ns) || devices_.contains({ns, device}) ||
         (wire != net::none && wires_.contains(wire));
}

bool Outages::wire_down(std::uint32_t index) const {
  const net::Wire& wire = desired_->wires[index];
  const auto down = [&](int end) {
    return wire.namespaces[end] != net::none && device_down(wire.namespaces[end], wire.devices[end]);
  };
  return down(0) || down(1);
}

std::vector<plan::Operation> Outages::fail(const Target& target) {
  std::vector<plan::Operation> steps;
  for (const auto& [ns, device] : places(target)) {
    if (!device_down(ns, device)) steps.push_back({plan::Verb::SetDown, ns, device});
  }
  switch (target.kind) {
    case Target::Kind::Interface:
      devices_.insert({target.ns, target.device});
      break;
    case Target::Kind::Wire:
      wires_.insert(target.wire);
      break;
    case Target::Kind::Node:
      nodes_.insert(target.ns);
      break;
  }
  return steps;
}

Recovery Outages::heal(const Target& target) {
  Recovery recovery;
  if (!failed(target)) return recovery;
  switch (target.kind) {
    case Target::Kind::Interface:
      devices_.erase({target.ns, target.device});
      break;
    case Target::Kind::Wire:
      wires_.erase(target.wire);
      break;
    case Target::Kind::Node:
      nodes_.erase(target.ns);
      break;
  }
  Places back;
  for (const Place& place : places(target)) {
    if (!device_down(place.first, place.second)) back.insert(place);
  }
  add_vlans(back);
  for (const auto& [ns, device] : back) recovery.steps.push_back({plan::Verb::SetUp, ns, device});
  for (const auto& [ns, device] : back) {
    const auto count = static_cast<std::uint32_t>(desired_->namespaces[ns].devices[device].addresses.size());
    for (std::uint32_t item = 0; item < count; ++item) {
      recovery.steps.push_back({plan::Verb::AddAddress, ns, device, item});
    }
  }
  std::uint32_t last = net::none;
  for (const auto& [ns, device] : back) {
    if (ns != last) add_routes(ns, back, recovery);
    last = ns;
  }
  add_overwritten(back, recovery);
  return recovery;
}

/// The kernel takes VLANs down with what they stand on, and up again, but without their routes and IPv6
/// addresses (vlan_device_event).
void Outages::add_vlans(Places& back) const {
  for (const Place& place : Places(back)) {
    const auto& devices = desired_->namespaces[place.first].devices;
    for (std::uint32_t device = 0; device < devices.size(); ++device) {
      std::uint32_t below = device;
      while (below != net::none && below != place.second && devices[below].link &&
             devices[below].link->type == net::LinkType::Vlan)
        below = devices[below].link->lower_device;
      if (below == place.second && !device_down(place.first, device)) back.insert({place.first, device});
    }
  }
}

void Outages::add_overwritten(const Places& back, Recovery& recovery) const {
  const auto down = [this](std::uint32_t ns, std::uint32_t device) { return device_down(ns, device); };
  for (const auto& [ns, device] : back)
    for (const plan::Operation& step : plan::overwritten(*desired_, ns, device, down))
      if (std::ranges::find(recovery.last, step) == recovery.last.end()) recovery.last.push_back(step);
}

void Outages::add_routes(std::uint32_t ns, const Places& back, Recovery& recovery) const {
  const net::Namespace& node = desired_->namespaces[ns];
  for (std::uint32_t item = 0; item < node.routes.size(); ++item) {
    net::Route usable = node.routes[item];
    bool concerned = false;
    std::erase_if(usable.next_hops, [&](const net::NextHop& hop) {
      const std::uint32_t device = plan::device_of(node, hop);
      concerned = concerned || back.contains({ns, device});
      return device != net::none && device_down(ns, device);
    });
    if (!concerned || usable.next_hops.empty()) continue;
    const plan::Operation step{plan::Verb::AddRoute, ns, net::none, item};
    if (usable.next_hops.size() == node.routes[item].next_hops.size()) {
      recovery.steps.push_back(step);
    } else {
      recovery.reduced.push_back({step, std::move(usable)});
    }
  }
}

}  // namespace hopyard::keeper
