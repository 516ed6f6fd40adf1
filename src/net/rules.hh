#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "net/desired.hh"
#include "net/route.hh"

/// Policy rules of a lab among those that a namespace has.
namespace hopyard::net {

/// Every address, in any of its forms, is the same.
[[nodiscard]] inline bool same_prefix(const std::optional<Prefix>& one, const std::optional<Prefix>& other) {
  const bool any = !one || one->length == 0;
  const bool other_any = !other || other->length == 0;
  return any || other_any ? any == other_any : *one == *other;
}

/// Whether @p seen is what the kernel has made of @p wanted.
[[nodiscard]] inline bool same_rule(const Rule& wanted, const Rule& seen) {
  return wanted.family == seen.family && wanted.action == seen.action &&
         (wanted.action != Rule::Action::Lookup || wanted.table == seen.table) &&
         same_prefix(wanted.from, seen.from) && same_prefix(wanted.to, seen.to) &&
         wanted.in_interface == seen.in_interface && wanted.out_interface == seen.out_interface &&
         wanted.mark.value_or(0) == seen.mark.value_or(0) &&
         (!wanted.mark_mask || wanted.mark_mask == seen.mark_mask) &&
         (!wanted.priority || wanted.priority == seen.priority);
}

/// Whether @p seen is one that the kernel makes itself: those for the tables local, main and default
/// (fib_default_rules_init of net/ipv4/fib_rules.c), and the one for all VRFs, which tells no table
/// (vrf_fib_rule of drivers/net/vrf.c). Without them little works in a namespace.
[[nodiscard]] inline bool kernels_own(const Rule& seen) {
  constexpr std::uint32_t main_place = 32766;
  constexpr std::uint32_t default_place = 32767;
  constexpr std::uint32_t main_table = 254;
  constexpr std::uint32_t default_table = 253;
  const bool for_everything = same_prefix(seen.from, {}) && same_prefix(seen.to, {}) &&
                              seen.in_interface.empty() && seen.out_interface.empty() &&
                              seen.mark.value_or(0) == 0;
  if (seen.action != Rule::Action::Lookup || !for_everything) return false;
  const std::uint32_t place = seen.priority.value_or(0);
  return seen.table == 0 || (place == 0 && seen.table == local_table) ||
         (place == main_place && seen.table == main_table) ||
         (place == default_place && seen.table == default_table);
}

/// The rule that somebody has made of @p wanted, which is not there: one at the place that the lab gave it,
/// none of the lab's others, and none of the kernel's. @return its place in @p seen; the end for none.
[[nodiscard]] inline std::size_t in_place_of(const Rule& wanted, const Namespace& own,
                                             std::span<const Rule> seen) {
  if (!wanted.priority) return seen.size();
  const auto found = std::ranges::find_if(seen, [&](const Rule& one) {
    return one.family == wanted.family && one.priority == wanted.priority && !kernels_own(one) &&
           std::ranges::none_of(own.rules, [&](const Rule& other) { return same_rule(other, one); });
  });
  return static_cast<std::size_t>(found - seen.begin());
}

}  // namespace hopyard::net
