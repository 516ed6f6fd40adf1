#pragma once

#include "language/context.hh"
#include "language/variables.hh"

namespace hopyard::language {

/// Reads the lab file of the options and what it includes, replaces variables, and lays the files over each
/// other: maps merge, the including file wins, lists of links append, other lists replace.
/// @return the root, a map; nullptr, and reported, when there is none.
[[nodiscard]] const Yaml* read_files(Context& context, Variables& variables);

}  // namespace hopyard::language
