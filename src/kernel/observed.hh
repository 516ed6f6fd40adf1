#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hh"
#include "kernel/kernel.hh"
#include "net/observed.hh"
#include "netlink/route.hh"

namespace hopyard::kernel {

/// What a namespace of a lab has now, of all that @p own speaks of but nftables. Needs /proc.
[[nodiscard]] Result<net::Observed> observe(const net::Namespace& own, const Namespace& ns);

/// A rule that stands where one of the lab's should.
struct RuleInTheWay {
  net::Rule rule;
  netlink::Rule listed;  ///< the same as the kernel tells it
};

/// What somebody has made of @p wanted, a rule of @p own that is not there (net::in_place_of). Nothing where
/// there is none, or where the kernel would take another rule for it (netlink::fits).
/// @param gone rules that count as removed already
[[nodiscard]] Result<std::optional<RuleInTheWay>> rule_in_the_way(const net::Rule& wanted,
                                                                  const net::Namespace& own,
                                                                  const Namespace& ns,
                                                                  std::span<const net::Rule> gone = {});
[[nodiscard]] Result<> remove_rule(const RuleInTheWay& rule, const Namespace& ns);

/// What the kernel says of each sysctl of @p own in @p ns, without the line break at its end; nothing for one
/// that cannot be read. Needs /proc.
[[nodiscard]] Result<std::vector<std::optional<std::string>>> read_sysctls(const net::Namespace& own,
                                                                           const Namespace& ns);

}  // namespace hopyard::kernel
