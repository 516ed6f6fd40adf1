#include <algorithm>
#include <set>
#include <utility>

#include "plan/down.hh"
#include "plan/drift.hh"
#include "plan/sysctl.hh"

namespace hopyard::plan {
namespace {

using net::Device;
using Places = std::set<std::pair<std::uint32_t, std::uint32_t>>;

bool is_overwritten(const net::Sysctl& sysctl) {
  return !overwritten_by(sysctl.name).empty();
}

/// The device, and all that stands on it.
void add_with_uppers(const net::Desired& desired, std::uint32_t ns, std::uint32_t device, Places& places) {
  if (!places.emplace(ns, device).second) return;
  for (std::uint32_t other = 0; other < desired.namespaces.size(); ++other) {
    const auto& devices = desired.namespaces[other].devices;
    for (std::uint32_t upper = 0; upper < devices.size(); ++upper) {
      const net::LinkSettings* link = devices[upper].link.get();
      const bool stands_on_it = link != nullptr && devices[upper].kind == Device::Kind::Other &&
                                link->lower_namespace == ns && link->lower_device == device;
      if (stands_on_it || (other == ns && devices[device].master == upper))
        add_with_uppers(desired, other, upper, places);
    }
  }
}

bool has_carrier(const net::Desired& desired, std::uint32_t ns, std::uint32_t device, const IsDown& down) {
  const net::Namespace& own = desired.namespaces[ns];
  if (held_down(own, ns, device, down)) return false;
  const Device& it = own.devices[device];
  return it.peer_namespace == net::none || !down(it.peer_namespace, it.peer_device);
}

}  // namespace

std::vector<Operation> overwritten(const net::Desired& desired, std::uint32_t ns, std::uint32_t device,
                                   const IsDown& down) {
  std::vector<Operation> steps;
  const bool any = std::ranges::any_of(desired.namespaces, [](const net::Namespace& one) {
    return std::ranges::any_of(one.sysctls, is_overwritten);
  });
  if (!any) return steps;
  const auto add = [&](std::uint32_t of, std::string_view name) {
    const auto& sysctls = desired.namespaces[of].sysctls;
    for (std::uint32_t item = 0; item < sysctls.size(); ++item)
      if (overwritten_by(sysctls[item].name) == name)
        steps.push_back({Verb::WriteSysctl, of, net::none, item});
  };
  if (device == net::none) {
    add(ns, "lo");
    return steps;
  }
  Places places;
  add_with_uppers(desired, ns, device, places);
  const Device& it = desired.namespaces[ns].devices[device];
  if (it.peer_namespace != net::none) add_with_uppers(desired, it.peer_namespace, it.peer_device, places);
  for (const auto& [of, one] : places)
    if (has_carrier(desired, of, one, down)) add(of, desired.namespaces[of].devices[one].name);
  return steps;
}

}  // namespace hopyard::plan
