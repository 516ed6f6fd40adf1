#pragma once

#include <algorithm>

#include "net/desired.hh"

namespace hopyard::net {

/// The service that forwards for a switch of Open vSwitch; it makes taps for its bridges.
inline constexpr std::string_view ovs_daemon = "ovs-vswitchd";

/// Whether a namespace has a service that makes taps.
[[nodiscard]] inline bool makes_taps(const Namespace& ns) {
  return std::ranges::any_of(ns.machine.services, [](const Service& one) { return one.name == ovs_daemon; });
}

/// Whether a namespace has taps, or a service that makes some: what needs /dev/net/tun.
[[nodiscard]] inline bool needs_taps(const Namespace& ns) {
  return makes_taps(ns) ||
         std::ranges::any_of(ns.devices, [](const Device& one) { return one.kind == Device::Kind::Tap; });
}

}  // namespace hopyard::net
