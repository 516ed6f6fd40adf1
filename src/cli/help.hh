#pragma once

#include <string>

#include "cli/verb.hh"

namespace hopyard::cli {

/// What `hopyard --help` prints: all verbs by group, on one screen of 24 lines and 80 columns.
[[nodiscard]] std::string overview();
/// "hopyard exec [-l LAB] NODE... -- COMMAND..."
[[nodiscard]] std::string synopsis(const Verb& verb, const Command& command);
/// What `hopyard VERB --help` prints.
[[nodiscard]] std::string help(const Verb& verb, const Command& command);
/// "-l, --lab LAB"
[[nodiscard]] std::string spelling(const Option& option);
/// The words over a group of verbs.
[[nodiscard]] std::string_view title(Group group);

}  // namespace hopyard::cli
