#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hopyard::kernel {

/// A set or map of a table that packets put elements into, or that elements leave as time goes by: of the
/// flag dynamic or timeout (nft(8)).
struct PassingSet {
  std::string declaration;  ///< as it stands in the table's text
  std::string elements;     ///< that it has at the moment, with the word "elements"; empty for none
};

/// A table of nftables.
struct RulesetTable {
  std::string name;  ///< with its family: "inet filter"
  std::string text;  ///< as nft(8) lists it, and reads it, but for the elements of passing sets
  std::vector<PassingSet> passing;
};

/// The tables of what Namespace::list_rulesets() says.
[[nodiscard]] std::vector<RulesetTable> tables_of(std::string_view listing);

/// What takes the place of a table, in one transaction: that of @p wanted, whatever is in it now. Where
/// @p found has a passing set as @p wanted declares it, it keeps its elements.
[[nodiscard]] std::string replacement(const RulesetTable& wanted, const RulesetTable& found);

}  // namespace hopyard::kernel
