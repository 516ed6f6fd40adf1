#pragma once

#include <string>

#include "base/error.hh"
#include "keeper/drift.hh"
#include "keeper/registry.hh"

namespace hopyard::app {

struct RepairReport {
  std::string lab;
  keeper::RepairDescription repair;
};

/// Puts right what differs in a running lab from what its file says. @param lab empty for the only one that
/// runs. @param only_say changes nothing.
[[nodiscard]] Result<RepairReport> repair(const keeper::Registry& registry, const std::string& lab,
                                          bool only_say);

}  // namespace hopyard::app
