#pragma once

#include <algorithm>
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

/// The rule that somebody has made of @p wanted, which is not there: one at the place that the lab gave it,
/// and none of the lab's others. Null for none.
[[nodiscard]] inline const Rule* in_place_of(const Rule& wanted, const Namespace& own,
                                             std::span<const Rule> seen) {
  if (!wanted.priority) return nullptr;
  const auto found = std::ranges::find_if(seen, [&](const Rule& one) {
    return one.family == wanted.family && one.priority == wanted.priority &&
           std::ranges::none_of(own.rules, [&](const Rule& other) { return same_rule(other, one); });
  });
  return found == seen.end() ? nullptr : &*found;
}

}  // namespace hopyard::net
