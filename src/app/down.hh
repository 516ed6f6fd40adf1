#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/registry.hh"

namespace hopyard::app {

struct Ended {
  std::string lab;
  double seconds = 0;  ///< until its keeper was gone
};

/// Ends the lab @p given, or if it is empty the only one that runs.
[[nodiscard]] Result<Ended> down(const keeper::Registry& registry, const std::string& given);

/// Ends all labs; goes on when one cannot be ended.
struct AllEnded {
  std::vector<Ended> ended;
  std::vector<Error> errors;
};
[[nodiscard]] Result<AllEnded> down_all(const keeper::Registry& registry);

}  // namespace hopyard::app
