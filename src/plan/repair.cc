#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "net/adjustment.hh"
#include "plan/drift.hh"
#include "plan/sysctl.hh"

namespace hopyard::plan {
namespace {

using net::Device;

bool is_creation(Verb verb) {
  return verb == Verb::CreateVeth || verb == Verb::CreateBridge || verb == Verb::CreateTap ||
         verb == Verb::CreateDevice;
}

/// "net.ipv4.conf.eth0/100.rp_filter" is of eth0.100 (sysctl(8)).
bool is_of(const net::Sysctl& sysctl, const std::string& device) {
  if (!needs_device(sysctl.name)) return false;
  std::string as_written = device;
  std::ranges::replace(as_written, '.', '/');
  return sysctl.name.find("conf." + as_written + '.') != std::string::npos ||
         sysctl.name.find("neigh." + as_written + '.') != std::string::npos;
}

/// Whether the kernel puts the one beside the other, on the device that this stands on
/// (macvlan_common_newlink of drivers/net/macvlan.c, ipvlan_link_new of drivers/net/ipvlan/ipvlan_main.c): it
/// stays when the other goes.
bool stands_beside(const Device& one, const Device& other) {
  if (other.kind != Device::Kind::Other) return false;
  const auto is_macvlan = [](net::LinkType type) {
    return type == net::LinkType::Macvlan || type == net::LinkType::Macvtap;
  };
  const net::LinkType types[2] = {one.link->type, other.link->type};
  return (is_macvlan(types[0]) && is_macvlan(types[1])) ||
         (types[0] == net::LinkType::Ipvlan && types[1] == net::LinkType::Ipvlan);
}

/// Gathers the steps that belong together.
class Steps {
 public:
  Steps(const net::Desired& desired, const IsDown& down) : desired_(desired), down_(down) {}

  void add(const Operation& step) {
    if (step.verb == Verb::Adjust)
      adjusted_[{step.ns, step.device}] |= step.item;
    else
      chosen_.insert(key(step));
    const bool overwrites =
        step.verb == Verb::SetUp || (step.verb == Verb::Adjust && (step.item & net::adjust_mtu) != 0);
    if (!overwrites) return;
    for (const Operation& one : overwritten(desired_, step.ns, step.device, down_)) chosen_.insert(key(one));
  }

  /// All of the plan that a device needs which is made once more.
  void add_device(std::uint32_t ns, std::uint32_t device) {
    if (!made_.emplace(ns, device).second) return;
    const net::Namespace& own = desired_.namespaces[ns];
    const Device& it = own.devices[device];
    room_.push_back({Verb::MakeRoom, ns, device});
    for (const Verb verb : {Verb::CreateVeth, Verb::CreateBridge, Verb::CreateTap, Verb::CreateDevice,
                            Verb::SumFirst, Verb::Shape})
      add({verb, ns, device});
    add_up(ns, device);
    for (std::uint32_t item = 0; item < own.sysctls.size(); ++item)
      if (is_of(own.sysctls[item], it.name)) add({Verb::WriteSysctl, ns, net::none, item});
    for (std::uint32_t item = 0; item < it.addresses.size(); ++item)
      add({Verb::AddAddress, ns, device, item});
    for (std::uint32_t item = 0; item < it.neighbours.size(); ++item)
      add({Verb::AddNeighbour, ns, device, item});
    for (std::uint32_t item = 0; item < own.routes.size(); ++item)
      if (goes_by(own, own.routes[item], device)) add({Verb::AddRoute, ns, net::none, item});
    for (std::uint32_t port = 0; port < own.devices.size(); ++port)
      if (own.devices[port].master == device) add_up(ns, port);
    if (it.kind == Device::Kind::Veth) add_device(it.peer_namespace, it.peer_device);
    add_uppers(ns, device);
  }

  /// In the order of the plan; room first.
  [[nodiscard]] std::vector<Operation> in_order() const {
    std::vector<Operation> steps = room_;
    const Plan whole = plan(desired_);
    for (const auto& [device, what] : adjusted_)
      steps.push_back({Verb::Adjust, device.first, device.second, what});
    for (const auto& [verb, ns, device, item] : chosen_)
      if (verb == Verb::SetUp && device == net::none) steps.push_back({verb, ns, device, item});
    for (const auto* stage : {&whole.namespaces, &whole.links, &whole.settings, &whole.last})
      for (const Operation& step : *stage)
        if (chosen_.contains(key(step))) steps.push_back(step);
    // One that the plan does not have: an impairment that is to go.
    for (const auto& [verb, ns, device, item] : chosen_)
      if (verb == Verb::Shape && desired_.namespaces[ns].devices[device].egress.none() &&
          !made_.contains({ns, device}))
        steps.push_back({verb, ns, device, item});
    for (const auto& [verb, ns, device, item] : chosen_)
      if (verb == Verb::SetDown) steps.push_back({verb, ns, device, item});
    return steps;
  }

 private:
  using Key = std::tuple<Verb, std::uint32_t, std::uint32_t, std::uint32_t>;
  static Key key(const Operation& step) { return {step.verb, step.ns, step.device, step.item}; }

  void add_up(std::uint32_t ns, std::uint32_t device) {
    if (!down_(ns, device)) add({Verb::SetUp, ns, device});
  }

  static bool goes_by(const net::Namespace& own, const net::Route& route, std::uint32_t device) {
    return std::ranges::any_of(route.next_hops,
                               [&](const net::NextHop& hop) { return device_of(own, hop) == device; });
  }

  /// What stands on a device goes with it.
  void add_uppers(std::uint32_t ns, std::uint32_t device) {
    for (std::uint32_t other = 0; other < desired_.namespaces.size(); ++other) {
      const auto& devices = desired_.namespaces[other].devices;
      for (std::uint32_t upper = 0; upper < devices.size(); ++upper) {
        const net::LinkSettings* link = devices[upper].link.get();
        if (link != nullptr && devices[upper].kind == Device::Kind::Other && link->lower_namespace == ns &&
            link->lower_device == device &&
            !stands_beside(devices[upper], desired_.namespaces[ns].devices[device]))
          add_device(other, upper);
      }
    }
  }

  const net::Desired& desired_;
  const IsDown& down_;
  std::set<Key> chosen_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> made_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> adjusted_;  // net::Adjustment by device
  std::vector<Operation> room_;
};

}  // namespace

bool repairable(const net::Desired& desired, const Difference& difference) {
  if (difference.step.verb != Verb::CreateVeth) return true;
  const Device& end = desired.namespaces[difference.step.ns].devices[difference.step.device];
  return desired.namespaces[end.peer_namespace].adopted.empty();
}

std::vector<Operation> repair(const net::Desired& desired, std::span<const Difference> differences,
                              const IsDown& down) {
  Steps steps(desired, down);
  for (const Difference& one : differences) {
    if (!repairable(desired, one)) continue;
    if (is_creation(one.step.verb))
      steps.add_device(one.step.ns, one.step.device);
    else
      steps.add(one.step);
  }
  return steps.in_order();
}

}  // namespace hopyard::plan
