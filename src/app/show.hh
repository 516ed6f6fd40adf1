#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/description.hh"
#include "keeper/registry.hh"

namespace hopyard::app {

/// What `show` was asked about: "", "LAB", "NODE" or "LAB/NODE", with the lab of -l.
struct Shown {
  bool is_node = false;
  keeper::Description description;  ///< of the lab, or the node (or network) alone with its links
  std::vector<keeper::ProcessDescription> processes;
};

/// A word that is both a running lab and a node means the lab; with -l, and after "LAB/", it is a node.
[[nodiscard]] Result<Shown> show(const keeper::Registry& registry, const std::string& lab,
                                 const std::string& what);

}  // namespace hopyard::app
