#pragma once

#include <string>

namespace hopyard::language {

/// The grammar of lab files as a JSON Schema (draft 2020-12), made from the tables in keys.cc: what
/// schema/hopyard.schema.json holds. It checks keys and the forms of values, not what only the whole lab
/// shows.
[[nodiscard]] std::string schema();

}  // namespace hopyard::language
