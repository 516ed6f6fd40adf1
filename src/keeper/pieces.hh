#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/copies.hh"

namespace hopyard::keeper {

/// One overlay of a node's file system.
struct Tree {
  std::string point;             ///< where it is in the node: "/usr"
  std::string lower;             ///< what is below it, in the keeper's root
  HostOwners::Owner owner = {};  ///< in a lab with users of its own
};

/// The host's file system in pieces that an overlay can lie over each. In a user namespace the mounts that
/// came from the host are locked (mount_namespaces(7)), and a folder with a locked mount below it cannot be a
/// lower one: such folders, "/" the first of them, are made anew, with links and files copied, and what is in
/// them goes on top.
struct Pieces {
  std::string root;         ///< what "/" is made of, in the keeper's root
  std::vector<Tree> trees;  ///< in an order to mount them
};

/// What is cut, and where.
struct Cut {
  std::string base;                 ///< the keeper's root to be, with all of the host bound in it
  std::vector<std::string> mounts;  ///< where on the host something is mounted
  std::vector<std::string>
      closed;  ///< those of them that nodes do not see: networks, sticks, the kernel's own
  bool (*skips)(const std::string& path);  ///< whether that is none of the nodes' business
};

/// Cuts the host's file system, and makes anew in a layer of their own the folders that nodes may write into.
/// /etc is a copy as a whole.
[[nodiscard]] Result<Pieces> cut_in_pieces(const Cut& cut, const Copier& copier);

}  // namespace hopyard::keeper
