#pragma once

#include <string>

#include "base/error.hh"

namespace hopyard::keeper {

/// What control groups limit for a lab.
struct CgroupLimits {
  bool cpu = false;
  bool memory = false;
};

/// Where the groups of one lab go: one folder of version 2, or one for each controller of version 1. None is
/// made yet.
struct CgroupPlaces {
  std::string unified;
  std::string cpu;
  std::string memory;
};

/// Finds where groups with these controllers can be made, and lets the groups of a folder of version 2 have
/// them. For root that is the top of a hierarchy that is mounted; for others (@p own_users: from inside of
/// the lab's user namespace) the nearest group of version 2 above their own process that is theirs and has no
/// process in itself, which is what cgroups(7) calls delegation.
/// @param name of the folder there. @return an error that says why there is none.
[[nodiscard]] Result<CgroupPlaces> find_cgroup_places(CgroupLimits limits, const std::string& name,
                                                      bool own_users);
/// Lets the groups in the folder @p group of version 2 have these controllers.
[[nodiscard]] Result<> enable_controllers(const std::string& group, CgroupLimits limits);

}  // namespace hopyard::keeper
