#pragma once

#include <sys/resource.h>

#include <string>
#include <vector>

#include "base/error.hh"
#include "net/desired.hh"

namespace hopyard::keeper {

/// Where things lie in the keeper's own root, a small tmpfs: every mount in it is copied into every node's
/// mount namespace.
namespace place {
inline constexpr const char* host =
    "/host";  ///< the host's root file system, and its other ones in their places
inline constexpr const char* layer = "/layer";  ///< what all nodes have in common, above the host's files
inline constexpr const char* tools =
    "/tools";  ///< what belongs above each root: 0 for the host's, then those of roots, one higher
inline constexpr const char* roots = "/roots";  ///< root file systems that nodes are given, by number
inline constexpr const char* nodes = "/nodes";  ///< what the nodes write, by number of the namespace
}  // namespace place

/// What the keeper knows of the host from before it left its mounts.
struct HostView {
  std::vector<std::string>
      file_systems;                ///< where the host has others beside its root, in an order to mount them
  std::vector<std::string> roots;  ///< folders given as nodes' roots; the number is that in place::roots
  bool has_tun = false;            ///< the host has /dev/net/tun
  rlimit open_files{};             ///< the limit that the lab was started with; the keeper's own is higher
};

/// Which of the mounts of the host nodes get to see: file systems on disks and overlays, outside of the
/// folders that a node has for itself.
/// @param mountinfo the text of /proc/self/mountinfo.
[[nodiscard]] std::vector<std::string> node_file_systems(const std::string& mountinfo);

/// Gives the calling process a mount namespace with nothing in it but the places above and /proc, and the
/// lab's common layer.
/// @param folder an empty folder to build it on; in the new mount namespace only, the host never sees it.
[[nodiscard]] Result<HostView> enter_own_root(const net::Desired& desired, const std::string& folder);

}  // namespace hopyard::keeper
