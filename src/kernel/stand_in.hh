#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hh"
#include "kernel/kernel.hh"
#include "kernel/rulesets.hh"

namespace hopyard::kernel {

/// What the running kernel makes of what namespaces are given, found out in one that stands in for them: it
/// has devices of the names that are spoken of, and ends before the call returns. What was found out once is
/// kept, and serves all namespaces that are given the same.
class StandIns {
 public:
  using Sysctls = std::vector<std::optional<std::string>>;

  /// The tables that the rulesets of @p own make, as the kernel lists them. They stay as long as this does.
  [[nodiscard]] Result<const std::vector<RulesetTable>*> tables(Kernel& kernel, const net::Namespace& own);
  /// What the kernel says of each sysctl of @p own when all have been written, in their order: "16" for
  /// "0x10", and the other one's value where two are of one setting. Nothing for one that cannot be written
  /// there, or read. It stays as long as this does.
  [[nodiscard]] Result<const Sysctls*> sysctls(Kernel& kernel, const net::Namespace& own);

 private:
  std::map<std::string, std::vector<RulesetTable>> tables_;  // by all that they depend on
  std::map<std::string, Sysctls> sysctls_;
};

}  // namespace hopyard::kernel
