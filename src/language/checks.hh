#pragma once

#include <vector>

#include "lab/check.hh"
#include "language/draft.hh"

namespace hopyard::language {

/// Reads `checks`, after the lab is numbered: nodes become indices and addresses. Reports what is wrong.
[[nodiscard]] std::vector<lab::Check> read_checks(Draft& draft, const Yaml* checks);

}  // namespace hopyard::language
