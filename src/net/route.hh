#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.hh"

namespace hopyard::net {

/// One way on: a gateway, a device, or both. A device without a gateway is on-link.
struct NextHop {
  std::optional<IpAddress> via;
  std::string device;        ///< name in the namespace; empty lets the kernel find it from the gateway
  std::uint16_t weight = 1;  ///< 1 to 256, among the next hops of one route
  friend auto operator<=>(const NextHop&, const NextHop&) = default;
};

/// The table of addresses that are the namespace's own (RT_TABLE_LOCAL of linux/rtnetlink.h).
inline constexpr std::uint32_t local_table = 255;

/// A route as ip-route(8) has it.
struct Route {
  enum class Type : std::uint8_t { Unicast, Unreachable, Blackhole, Prohibit, Local, Other };
  Prefix to;  ///< length 0 is the default route
  Type type = Type::Unicast;
  std::vector<NextHop> next_hops;   ///< more than one: equal-cost multipath; none unless Unicast
  std::uint32_t metric = 0;         ///< the kernel's priority; 0 for its default
  std::uint32_t table = 254;        ///< main
  std::optional<IpAddress> source;  ///< preferred source address
  friend bool operator==(const Route&, const Route&) = default;
};

/// The metric that the kernel gives a route that is added with @p metric: for IPv6, 0 is IP6_RT_PRIO_USER of
/// its net/ipv6_route.h (ip-route(8)).
[[nodiscard]] constexpr std::uint32_t effective_metric(Family family, std::uint32_t metric) {
  return metric == 0 && family == Family::V6 ? 1024 : metric;
}
[[nodiscard]] inline std::uint32_t effective_metric(const Route& route) {
  return effective_metric(route.to.family(), route.metric);
}

/// A policy rule as ip-rule(8) has it.
struct Rule {
  /// A lab's own rules have one of the first four.
  enum class Action : std::uint8_t { Lookup, Unreachable, Blackhole, Prohibit, Goto, Nop };
  Family family = Family::V4;
  std::optional<Prefix> from;
  std::optional<Prefix> to;
  std::string in_interface;
  std::string out_interface;
  std::optional<std::uint32_t> mark;
  std::optional<std::uint32_t> mark_mask;
  std::optional<std::uint32_t> priority;
  Action action = Action::Lookup;
  std::uint32_t table = 254;
  std::uint32_t target = 0;  ///< the priority of the rule that Goto leads to
  friend bool operator==(const Rule&, const Rule&) = default;
};

}  // namespace hopyard::net
