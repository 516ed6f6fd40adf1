#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "net/desired.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// The file in a lab's directory that names the control groups made for it, a line each.
inline constexpr const char* cgroup_list = "cgroups";

/// The control groups (cgroups(7)) of the nodes that ask for cpus or memory: version 2 where it has the
/// controllers, else version 1, which is root's. Made before the lab is, while the host's mounts can be seen;
/// used by descriptors from then on.
class Cgroups {
 public:
  /// Makes the groups that @p desired needs, each limit set, and writes their names into the lab's directory
  /// @p folder first. Without a node that asks it does nothing. An error when no hierarchy can do what is
  /// asked, or none of it is the caller's.
  /// @param own_users whether the caller is somebody else than root, in the lab's user namespace.
  [[nodiscard]] static Result<Cgroups> make(const net::Desired& desired, int folder, bool own_users);

  [[nodiscard]] bool empty() const { return entrances_.empty(); }
  /// Descriptors held here, for a process that closes all others.
  [[nodiscard]] std::vector<int> descriptors() const;
  /// The files that a process of the node writes "0" to, to be a member; none for a node without limits. They
  /// stay owned here.
  [[nodiscard]] std::vector<int> entrances(std::uint32_t ns) const;

 private:
  struct Entrance {
    std::uint32_t ns;
    sys::Fd procs;
  };
  std::vector<Entrance> entrances_;
};

/// Removes the groups that the directory @p folder names. Those with a process in them are not removed, which
/// is an error.
[[nodiscard]] Result<> remove_cgroups(int folder);

}  // namespace hopyard::keeper
