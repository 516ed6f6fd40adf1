#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "maps/map.hh"

namespace hopyard::maps {

/// @p text, well-formed UTF-8, as it may stand in the name of a node and be typed in a shell: Latin letters
/// lose their marks (ä is a, ø is o, ß is ss), letters and digits, `_`, `.` and other scripts stay, all else
/// becomes one `-`. At most 63 bytes; empty when nothing is left.
[[nodiscard]] std::string safe_name(std::string_view text);

/// The name of each node of @p map in a lab: from its label, or n and its id where it has none ("", "?" or
/// "None", which is how some tools write it). Of those that would have one name the first keeps it, the
/// others are numbered: Bern, Bern-2, Bern-3. Names that differ in capitals only count as one, as they do for
/// a resolver.
[[nodiscard]] std::vector<std::string> node_names(const Map& map);

/// The name of the lab: the map's label or network as letters, digits, `-`, `_` and `.`, at most 40; else
/// that of the file at @p path without its folder and ending.
[[nodiscard]] std::string lab_name(const Map& map, std::string_view path);

}  // namespace hopyard::maps
