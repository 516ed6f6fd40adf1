#pragma once

#include <string>
#include <vector>

#include "keeper/registry.hh"

/// The names that a shell completes; nothing where they cannot be told, for there is no place to say why.
namespace hopyard::app {

[[nodiscard]] std::vector<std::string> lab_names(const keeper::Registry& registry);
/// @param lab empty for the only one that runs.
[[nodiscard]] std::vector<std::string> node_names(const keeper::Registry& registry, const std::string& lab);
/// Services of a node.
[[nodiscard]] std::vector<std::string> service_names(const keeper::Registry& registry, const std::string& lab,
                                                     const std::string& node);
/// Links as one word, "a:eth0--b:eth0", and interfaces, "a:eth0".
[[nodiscard]] std::vector<std::string> link_names(const keeper::Registry& registry, const std::string& lab);

}  // namespace hopyard::app
