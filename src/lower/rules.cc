#include "lower/rules.hh"

#include <algorithm>
#include <vector>

namespace hopyard::lower {
namespace {

using Places = std::vector<std::uint32_t>;  // of all rules of one family, in their order

bool has_vrf(const net::Namespace& ns) {
  return std::ranges::any_of(ns.devices, [](const net::Device& device) {
    return device.kind == net::Device::Kind::Other && device.link->type == net::LinkType::Vrf;
  });
}

/// Of the rules that the kernel makes itself (fib_default_rules_init of net/ipv4/fib_rules.c,
/// fib6_rules_net_init of net/ipv6/fib6_rules.c; vrf_add_fib_rules of drivers/net/vrf.c).
Places places_at_first(const net::Namespace& ns, Family family) {
  constexpr std::uint32_t local_place = 0;
  constexpr std::uint32_t vrf_place = 1000;
  constexpr std::uint32_t main_place = 32766;
  constexpr std::uint32_t default_place = 32767;
  Places places{local_place};
  if (has_vrf(ns)) places.push_back(vrf_place);
  places.push_back(main_place);
  if (family == Family::V4) places.push_back(default_place);
  return places;
}

void place(std::vector<net::Rule>& rules, Family family, Places places) {
  for (net::Rule& rule : rules) {
    if (rule.family != family) continue;
    const std::uint32_t second = places[1];
    if (!rule.priority) rule.priority = second == 0 ? 0 : second - 1;
    places.insert(std::ranges::upper_bound(places, *rule.priority), *rule.priority);
  }
}

}  // namespace

void place_rules(net::Desired& desired) {
  for (net::Namespace& ns : desired.namespaces) {
    if (!ns.adopted.empty()) continue;
    for (const Family family : {Family::V4, Family::V6}) place(ns.rules, family, places_at_first(ns, family));
  }
}

}  // namespace hopyard::lower
