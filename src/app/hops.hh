#pragma once

#include <optional>
#include <string>
#include <vector>

#include "keeper/description.hh"

namespace hopyard::app {

/// How many hops each of @p nodes is from the nearest of @p origins by the links of the lab, whether they are
/// up or not: 0 for those themselves, nothing where no links lead. What only passes frames on, a network, a
/// switch or a hub, is no hop.
[[nodiscard]] std::vector<std::optional<unsigned>> hop_distances(const keeper::Description& lab,
                                                                 const std::vector<std::string>& nodes,
                                                                 const std::vector<std::string>& origins);

}  // namespace hopyard::app
