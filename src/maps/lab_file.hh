#pragma once

#include <string>

#include "maps/map.hh"

namespace hopyard::maps {

struct LabFileOptions {
  std::string path;                ///< of the map, as the person gave it
  std::string format;              ///< of the map, for a person: "GML"
  std::string name;                ///< of the lab; the map's own if it is empty
  double kilometres_of_cost = 10;  ///< a link costs 1 for each so many; 0 for links without a cost
  bool delay = false;              ///< links have the delay of their length at 200,000 km/s, light's in fibre
  bool rate = false;               ///< links have the speed that the map gives them
  std::string routing = {};        ///< of the routers, a word of the lab language; theirs if it is empty
  std::string daemon = {};         ///< that speaks it, likewise
};

/// @p map as the text of a lab file: its nodes are routers, its edges links, both in the map's order, labels
/// keep what they are called there and where they stand.
[[nodiscard]] std::string lab_file(const Map& map, const LabFileOptions& options);

}  // namespace hopyard::maps
