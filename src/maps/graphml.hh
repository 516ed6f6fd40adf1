#pragma once

#include <optional>

#include "base/diagnostic.hh"
#include "maps/map.hh"

namespace hopyard::maps {

/// Reads the GraphML text of @p file (graphml.graphdrawing.org, 1.0): the first `graph` in it with the nodes
/// of graphs in its nodes. Elements are at most 64 deep; entities of the file's own are refused; hyperedges
/// are left out, default values of keys passed over. The XML is read by libexpat.
/// @return nothing after an error. Warnings say what was left out.
[[nodiscard]] std::optional<Map> read_graphml(const SourceMap& sources, std::uint32_t file,
                                              Diagnostics& diagnostics);

}  // namespace hopyard::maps
