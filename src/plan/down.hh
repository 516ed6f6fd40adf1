#pragma once

#include "plan/drift.hh"

namespace hopyard::plan {

/// Whether a device is meant to be down, itself or what it stands on: the kernel takes VLANs down with what
/// they stand on (vlan_device_event of net/8021q/vlan.c).
[[nodiscard]] inline bool held_down(const net::Namespace& own, std::uint32_t ns, std::uint32_t device,
                                    const IsDown& down) {
  for (std::uint32_t one = device; one != net::none;) {
    if (down(ns, one)) return true;
    const net::LinkSettings* link = own.devices[one].link.get();
    const bool follows = link != nullptr && link->type == net::LinkType::Vlan && link->lower_namespace == ns;
    one = follows ? link->lower_device : net::none;
  }
  return false;
}

}  // namespace hopyard::plan
