#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

/// The mounts of the calling process's mount namespace (mount_namespaces(7)).
namespace hopyard::sys {

/// mount(2). @param data the file system's own options, as one text.
[[nodiscard]] Result<> mount(const std::string& source, const std::string& target, const std::string& type,
                             unsigned long flags, const std::string& data = {});
/// Shows @p source, a folder and not what is mounted below it, at @p target too.
[[nodiscard]] Result<> bind(const std::string& source, const std::string& target);
/// Shows @p source and all that is mounted below it at @p target too.
[[nodiscard]] Result<> bind_all(const std::string& source, const std::string& target);
/// A mount of just the open file @p file, which nobody sees before it is attached (open_tree(2)).
[[nodiscard]] Result<Fd> clone_mount(int file);
/// Attaches such a mount at @p target, a file (move_mount(2)); the calling process may be in another mount
/// namespace by now.
[[nodiscard]] Result<> attach_mount(const Fd& mount, const std::string& target);
/// Takes away what is mounted at @p target; who has it open keeps it so.
[[nodiscard]] Result<> unmount(const std::string& target);
/// No mount comes in from elsewhere or goes out from here any more.
[[nodiscard]] Result<> make_mounts_private();
/// Makes the mount at @p folder the root of the process and its namespace; the old one and all below it is
/// gone (pivot_root(2)).
[[nodiscard]] Result<> change_root(const std::string& folder);

/// One line of /proc/self/mountinfo (proc(5)).
struct Mount {
  std::string point;    ///< where it is mounted
  std::string root;     ///< which folder of the file system is mounted there
  std::string type;     ///< "ext4"
  std::string options;  ///< of the file system, with commas: "rw,memory"
};
/// Reads the text of a mountinfo file; lines that are not of its form are passed over.
[[nodiscard]] std::vector<Mount> parse_mountinfo(std::string_view text);

}  // namespace hopyard::sys
