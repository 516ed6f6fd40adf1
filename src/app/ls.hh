#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/description.hh"
#include "keeper/registry.hh"

namespace hopyard::app {

struct ListedLab {
  std::string lab;
  /// With the lab's numbers but not all of its parts. Nothing when its keeper does not answer, as while it is
  /// being started.
  std::optional<keeper::Description> description;
  std::string why;  ///< it does not
};

/// Every lab that lives on this machine, sorted by name.
[[nodiscard]] Result<std::vector<ListedLab>> ls(const keeper::Registry& registry);

}  // namespace hopyard::app
