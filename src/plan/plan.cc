#include "plan/plan.hh"

#include <algorithm>

#include "plan/sysctl.hh"

namespace hopyard::plan {
namespace {

/// Appends operations to one stage for one namespace.
class Writer {
 public:
  Writer(std::vector<Operation>& to, std::uint32_t ns) : to_(to), ns_(ns) {}
  void add(Verb verb, std::uint32_t device = net::none, std::uint32_t item = net::none) {
    to_.push_back({verb, ns_, device, item});
  }
  /// One operation for each of @p count items.
  void add_each(Verb verb, std::uint32_t device, std::size_t count) {
    for (std::uint32_t item = 0; item < count; ++item) add(verb, device, item);
  }

 private:
  std::vector<Operation>& to_;
  std::uint32_t ns_;
};

void plan_namespace(std::uint32_t index, const net::Namespace& ns, Plan& plan) {
  Writer writer(plan.namespaces, index);
  writer.add(Verb::CreateNamespace);
  for (std::uint32_t item = 0; item < ns.sysctls.size(); ++item)
    if (!needs_device(ns.sysctls[item].name) && overwritten_by(ns.sysctls[item].name).empty())
      writer.add(Verb::WriteSysctl, net::none, item);
}

bool stands_elsewhere(std::uint32_t ns, const net::Device& device) {
  return device.kind == net::Device::Kind::Moved ||
         (device.kind == net::Device::Kind::Other && device.link->lower_namespace != net::none &&
          device.link->lower_namespace != ns);
}

void plan_links(std::uint32_t index, const net::Namespace& ns, Plan& plan) {
  Writer writer(plan.links, index);
  for (std::uint32_t device = 0; device < ns.devices.size(); ++device) {
    if (ns.devices[device].kind == net::Device::Kind::Bridge)
      writer.add(Verb::CreateBridge, device);
    else if (ns.devices[device].kind == net::Device::Kind::Tap)
      writer.add(Verb::CreateTap, device);
    else if (ns.devices[device].makes_pair)
      writer.add(Verb::CreateVeth, device);
    else if (stands_elsewhere(index, ns.devices[device]))
      writer.add(Verb::CreateDevice, device);
  }
}

/// The devices in their order, but each after the one of the same namespace that it stands on: that one has
/// to be there before, and up before.
std::vector<std::uint32_t> lower_first(std::uint32_t index, const net::Namespace& ns) {
  std::vector<std::uint32_t> order;
  order.reserve(ns.devices.size());
  std::vector<bool> placed(ns.devices.size(), false);
  for (std::uint32_t device = 0; device < ns.devices.size(); ++device) {
    const auto from = static_cast<std::ptrdiff_t>(order.size());
    for (std::uint32_t one = device; one != net::none && !placed[one];) {
      placed[one] = true;
      order.push_back(one);
      const net::LinkSettings* link = ns.devices[one].link.get();
      one = link != nullptr && link->lower_namespace == index ? link->lower_device : net::none;
    }
    std::reverse(order.begin() + from, order.end());
  }
  return order;
}

/// Other devices come first, when the pairs that they may stand on are all there.
/// Sysctls of devices and rulesets come before anything is up, so that no frame passes without them;
/// addresses once the devices are up, and routes after all addresses, because a gateway has to be reachable
/// when its route is added.
void plan_settings(std::uint32_t index, const net::Namespace& ns, Plan& plan) {
  Writer writer(plan.settings, index);
  const std::vector<std::uint32_t> order = lower_first(index, ns);
  for (const std::uint32_t device : order)
    if (ns.devices[device].kind == net::Device::Kind::Other && !stands_elsewhere(index, ns.devices[device]))
      writer.add(Verb::CreateDevice, device);
  for (std::uint32_t item = 0; item < ns.sysctls.size(); ++item)
    if (needs_device(ns.sysctls[item].name) && overwritten_by(ns.sysctls[item].name).empty())
      writer.add(Verb::WriteSysctl, net::none, item);
  writer.add_each(Verb::LoadRuleset, net::none, ns.rulesets.size());
  for (std::uint32_t device = 0; device < ns.devices.size(); ++device)
    if (ns.devices[device].sums_first) writer.add(Verb::SumFirst, device);
  for (std::uint32_t device = 0; device < ns.devices.size(); ++device)
    if (!ns.devices[device].egress.none()) writer.add(Verb::Shape, device);
  for (const std::uint32_t device : order)
    if (ns.devices[device].kind != net::Device::Kind::Existing || ns.devices[device].master != net::none)
      writer.add(Verb::SetUp, device);
  writer.add_each(Verb::AddAddress, net::none, ns.loopback.size());
  for (std::uint32_t device = 0; device < ns.devices.size(); ++device)
    writer.add_each(Verb::AddAddress, device, ns.devices[device].addresses.size());
  for (std::uint32_t device = 0; device < ns.devices.size(); ++device)
    writer.add_each(Verb::AddNeighbour, device, ns.devices[device].neighbours.size());
  writer.add_each(Verb::AddRoute, net::none, ns.routes.size());
  writer.add_each(Verb::AddRule, net::none, ns.rules.size());
}

void plan_last(std::uint32_t index, const net::Namespace& ns, Plan& plan) {
  for (std::uint32_t item = 0; item < ns.sysctls.size(); ++item)
    if (!overwritten_by(ns.sysctls[item].name).empty())
      Writer(plan.last, index).add(Verb::WriteSysctl, net::none, item);
}

}  // namespace

Plan plan(const net::Desired& desired) {
  Plan plan;
  plan.namespaces.reserve(2 * desired.namespaces.size());
  plan.links.reserve(desired.wires.size() + desired.namespaces.size());
  plan.settings.reserve(8 * desired.namespaces.size());
  for (std::uint32_t index = 0; index < desired.namespaces.size(); ++index) {
    const net::Namespace& ns = desired.namespaces[index];
    plan_namespace(index, ns, plan);
    plan_links(index, ns, plan);
    plan_settings(index, ns, plan);
    plan_last(index, ns, plan);
  }
  return plan;
}

}  // namespace hopyard::plan
