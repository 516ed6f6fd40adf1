#pragma once

#include <string>

#include "base/error.hh"
#include "keeper/registry.hh"

namespace hopyard::app {

/// Keeps the lab @p given (or, if that is empty, the only one that runs), which would go down otherwise.
/// @return its name; an error when there is nothing to confirm.
[[nodiscard]] Result<std::string> confirm(const keeper::Registry& registry, const std::string& given);

}  // namespace hopyard::app
