#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "kernel/kernel.hh"

namespace hopyard::kernel {

/// A table of nftables.
struct RulesetTable {
  std::string name;  ///< with its family: "inet filter"
  std::string text;  ///< as nft(8) lists it, and reads it
};

/// The tables of what Namespace::list_rulesets() says.
[[nodiscard]] std::vector<RulesetTable> tables_of(std::string_view listing);

/// The tables that the rulesets of @p own make, as the kernel lists them: found out in a namespace that has
/// devices of the same names, and ends before this returns.
[[nodiscard]] Result<std::vector<RulesetTable>> wanted_tables(Kernel& kernel, const net::Namespace& own);

/// What takes the place of such a table, whatever is in it, in one transaction.
[[nodiscard]] std::string replacement(const RulesetTable& table);

}  // namespace hopyard::kernel
