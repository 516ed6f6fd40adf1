#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/description.hh"
#include "keeper/registry.hh"

namespace hopyard::app {

struct Processes {
  std::string lab;
  std::vector<keeper::ProcessDescription> list;
};

/// The processes of a lab, without its keeper and the nodes' inits.
/// @param node "NODE" or "LAB/NODE" for those of one; empty for all.
[[nodiscard]] Result<Processes> ps(const keeper::Registry& registry, const std::string& lab,
                                   const std::string& node);

}  // namespace hopyard::app
