#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/registry.hh"
#include "keeper/service_description.hh"

namespace hopyard::app {

struct Restarted {
  std::string lab;
  std::string node;
  std::vector<keeper::ServiceDescription> services;  ///< those that were asked for, as they are now
};

/// Restarts services of a node and waits until they are ready.
/// @param node "NODE" or "LAB/NODE". @param services none for all of the node.
[[nodiscard]] Result<Restarted> restart(const keeper::Registry& registry, const std::string& lab,
                                        const std::string& node, const std::vector<std::string>& services);

}  // namespace hopyard::app
