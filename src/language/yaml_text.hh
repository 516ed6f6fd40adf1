#pragma once

#include <optional>
#include <string>

#include "language/values.hh"

namespace hopyard::language {

/// A value of the lab file as a YAML text of its own, with the variables and index arithmetic of its texts
/// replaced: block style, quotes where they were. Nothing, and reported, when a text cannot be read.
[[nodiscard]] std::optional<std::string> yaml_text(Values& values, const Yaml& value, std::string_view what);

}  // namespace hopyard::language
