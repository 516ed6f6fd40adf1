#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hh"

/// User namespaces (user_namespaces(7)).
namespace hopyard::sys {

/// Ids from @p first on, @p count of them.
struct IdRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// The first range that a file such as /etc/subuid gives a user, by name or by number (subuid(5)).
[[nodiscard]] std::optional<IdRange> subordinate_ids(std::string_view text, std::string_view name,
                                                     uid_t number);

/// Whether the process's user namespace is the machine's first, by its map of ids.
[[nodiscard]] bool in_first_user_namespace();
/// Whether process @p pid is in the caller's namespace of that kind ("user", "net": the names of
/// /proc/PID/ns); true as well where that cannot be told.
[[nodiscard]] bool shares_namespace(pid_t pid, std::string_view kind);

/// Whether the process's user namespace has a group of that number.
[[nodiscard]] bool maps_group(gid_t group);

/// Which ids a new user namespace has.
struct Mapping {
  bool whole = false;  ///< a range of them, beside root; else root alone, which everybody is
};
/// Moves the calling process, of one thread, into a new user namespace where it is root. Other ids are there
/// if newuidmap(1) and newgidmap(1) are, and the user has subordinate ones.
[[nodiscard]] Result<Mapping> unshare_users();

}  // namespace hopyard::sys
