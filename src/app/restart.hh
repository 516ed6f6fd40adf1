#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/client.hh"
#include "keeper/registry.hh"
#include "keeper/service_description.hh"

namespace hopyard::app {

struct Ordered {
  std::string lab;
  std::string node;
  std::vector<keeper::ServiceDescription> services;  ///< that it was about, as they are now
};

/// Starts, stops or restarts services of a node and waits until they are ready, or have ended.
/// @param node "NODE" or "LAB/NODE". @param services none for all of the node. Beside its own services a node
/// has the daemons of keeper/known_daemons.hh and "frr", all daemons of FRR.
[[nodiscard]] Result<Ordered> order(const keeper::Registry& registry, const std::string& lab,
                                    const std::string& node, keeper::ServiceOrder what,
                                    const std::vector<std::string>& services);

}  // namespace hopyard::app
