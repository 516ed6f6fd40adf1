#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

namespace hopyard::sys {

/// The process that holds a lock of flock(2) on an open file, in the numbers of the caller's pid namespace,
/// if the kernel tells.
[[nodiscard]] std::optional<pid_t> lock_holder(int file);

/// The same from the text of /proc/locks (proc_locks(5)).
/// @param major, minor, inode of the file.
[[nodiscard]] std::optional<pid_t> lock_holder_in(std::string_view locks, unsigned major, unsigned minor,
                                                  ino_t inode);

}  // namespace hopyard::sys
