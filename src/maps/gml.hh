#pragma once

#include <optional>

#include "base/diagnostic.hh"
#include "maps/map.hh"

namespace hopyard::maps {

/// Reads the GML text of @p file (M. Himsolt, "GML: A portable Graph File Format", 1997): the first `graph`
/// in it. Lists are at most 64 deep, integers have 64 bits; text is ASCII with character references or, as
/// many tools write it, UTF-8.
/// @return nothing after an error. Warnings say what was left out.
[[nodiscard]] std::optional<Map> read_gml(const SourceMap& sources, std::uint32_t file,
                                          Diagnostics& diagnostics);

}  // namespace hopyard::maps
