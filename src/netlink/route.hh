#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.hh"
#include "netlink/address.hh"
#include "netlink/batch.hh"

/// Routes and policy rules: RTM_NEWROUTE, RTM_NEWRULE and their dumps (rtnetlink(7), linux/rtnetlink.h,
/// linux/fib_rules.h).
namespace hopyard::netlink {

struct Hop {
  std::optional<IpAddress> via;
  std::uint32_t index = 0;   ///< of the device, 0 to let the kernel find it from the gateway
  std::uint16_t weight = 1;  ///< 1 to 256
  friend bool operator==(const Hop&, const Hop&) = default;
};

struct Route {
  Prefix to;
  std::uint8_t type = 1;      ///< RTN_…, RTN_UNICAST
  std::uint8_t protocol = 4;  ///< RTPROT_…, RTPROT_STATIC
  std::uint32_t table = 254;  ///< RT_TABLE_…, RT_TABLE_MAIN
  std::uint32_t metric = 0;   ///< 0 for the kernel's default
  std::vector<Hop> hops;      ///< more than one: multipath
  std::optional<IpAddress> source;
  bool cached = false;        ///< read only: a copy that the kernel made for one destination (RTM_F_CLONED)
  std::uint32_t nexthop = 0;  ///< read only: the nexthop object that it goes by (RTA_NH_ID), 0 for none
  friend bool operator==(const Route&, const Route&) = default;
};

[[nodiscard]] Result<> add_route(Batch& batch, const Route& route, Existing existing);
/// Nothing when @p message is no RTM_NEWROUTE of IPv4 or IPv6.
[[nodiscard]] std::optional<Route> read_route(const nlmsghdr& message);
/// What the kernel tells of a route that came, changed or went.
struct RouteNotice {
  enum class Kind : std::uint8_t {
    Added,
    Replaced,  ///< it takes the place of one of the same destination, table and metric (NLM_F_REPLACE)
    Removed
  };
  Kind kind = Kind::Added;
  Route route;
};
/// Nothing when @p message is neither RTM_NEWROUTE nor RTM_DELROUTE of IPv4 or IPv6.
[[nodiscard]] std::optional<RouteNotice> read_route_notice(const nlmsghdr& message);
/// All routes of the socket's namespace, of all tables but the kernel's copies.
[[nodiscard]] Result<std::vector<Route>> list_routes(Socket& socket);

struct Rule {
  Family family = Family::V4;
  std::uint8_t action = 1;  ///< FR_ACT_…, FR_ACT_TO_TBL
  std::uint32_t table = 254;
  std::uint32_t target = 0;  ///< of FR_ACT_GOTO: the priority of the rule that it leads to
  std::optional<Prefix> from;
  std::optional<Prefix> to;
  std::string in_interface;
  std::string out_interface;
  std::optional<std::uint32_t> mark;
  std::optional<std::uint32_t> mark_mask;
  std::optional<std::uint32_t> priority;
};
[[nodiscard]] Result<> add_rule(Batch& batch, const Rule& rule);
/// Removes the first rule, in the order of the list, that @p rule fits.
[[nodiscard]] Result<> remove_rule(Batch& batch, const Rule& rule);
/// Whether remove_rule(@p rule) would take @p listed: the kernel takes what is unset in @p rule, or 0, for
/// whatever there is (rule_find of net/core/fib_rules.c, fib4_rule_compare, fib6_rule_compare).
[[nodiscard]] bool fits(const Rule& rule, const Rule& listed);
/// Nothing when @p message is no RTM_NEWRULE of IPv4 or IPv6.
[[nodiscard]] std::optional<Rule> read_rule(const nlmsghdr& message);
/// The priority that the kernel gives to a rule of @p family that names none: before all but the first one
/// (fib_default_rule_pref of net/core/fib_rules.c).
[[nodiscard]] Result<std::uint32_t> free_priority(Socket& socket, Family family);
/// All rules of the socket's namespace, those of the kernel too, each family's in the order in which it goes
/// by them.
[[nodiscard]] Result<std::vector<Rule>> list_rules(Socket& socket);

}  // namespace hopyard::netlink
