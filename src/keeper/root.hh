#pragma once

#include <sys/resource.h>

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/pieces.hh"
#include "net/desired.hh"

namespace hopyard::keeper {

/// Where things lie in the keeper's own root, a small tmpfs: every mount in it is copied into every node's
/// mount namespace.
namespace place {
inline constexpr const char* host =
    "/host";  ///< the host's root file system, and its other ones in their places
inline constexpr const char* pieces = "/pieces";  ///< folders of the host's, made anew, by number
inline constexpr const char* layer = "/layer";    ///< what all nodes have in common, above the host's files
inline constexpr const char* copies = "/copies";  ///< folders of the host that are the lab's own, where an
                                                  ///< ordinary user could not write into them
inline constexpr const char* hiding =
    "/hiding";  ///< whiteouts below that for what an ordinary user may not look into
inline constexpr const char* tools =
    "/tools";  ///< what belongs above each root: 0 for the host's, then those of roots, one higher
inline constexpr const char* roots = "/roots";  ///< root file systems that nodes are given, by number
inline constexpr const char* files = "/files";  ///< files of the host that nodes are shown, by number
inline constexpr const char* nodes = "/nodes";  ///< what the nodes write, by number of the namespace
}  // namespace place

/// What the keeper knows of the host from before it left its mounts.
struct HostView {
  std::string base = place::host;  ///< what a node's "/" is
  std::vector<Tree> trees;         ///< what else its file system is made of, in an order to mount them
  std::vector<std::string> roots;  ///< folders given as nodes' roots; the number is that in place::roots
  std::vector<std::string> files;  ///< shown to nodes; the number is that in place::files
  bool has_tun = false;            ///< the host has /dev/net/tun
  bool own_users =
      false;  ///< all is in a user namespace: devices cannot be made, but shown as the host has them
  bool has_ids = true;  ///< users and groups beside root are mapped there
  std::vector<std::string>
      uncut;  ///< then: where the host has mounts, as long as its file system is not cut in pieces
  std::vector<std::string> closed;  ///< and which of these nodes do not see
  HostOwners owners;                ///< and whose its folders are
  rlimit open_files{};              ///< the limit that the lab was started with; the keeper's own is higher
};

/// Which of the mounts of the host nodes get to see: file systems on disks and overlays, outside of the
/// folders that a node has for itself.
/// @param mountinfo the text of /proc/self/mountinfo.
[[nodiscard]] std::vector<std::string> node_file_systems(const std::string& mountinfo);

/// Gives the calling process a mount namespace with nothing in it but the places above and /proc, and the
/// lab's common layer.
/// @param owners of the host's files, where the lab has users of its own.
/// @param folder an empty folder to build it on; in the new mount namespace only, the host never sees it.
[[nodiscard]] Result<HostView> enter_own_root(const net::Desired& desired, HostOwners owners,
                                              const std::string& folder);

/// Makes of @p view what nodes' roots can be made of, where it has to be (pieces.hh). Takes a tenth of a
/// second, and is for when the first node gets a root.
[[nodiscard]] Result<> cut_host(HostView& view);

}  // namespace hopyard::keeper
