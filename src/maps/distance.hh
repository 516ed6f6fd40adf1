#pragma once

#include "maps/map.hh"

namespace hopyard::maps {

/// Kilometres between two places along a great circle of a sphere of 6,371 km radius, the Earth's mean
/// (IUGG), by the haversine formula.
[[nodiscard]] double kilometres(const Place& one, const Place& other);

/// How long each edge of @p map is, in kilometres. One without a place at both ends is taken to be as long as
/// the median of those that have them. Nothing at all when no edge has.
[[nodiscard]] std::vector<double> lengths(const Map& map);

}  // namespace hopyard::maps
