#pragma once

#include <sys/types.h>

#include <compare>
#include <optional>

/// Namespaces by their files (ioctl_ns(2), linux/nsfs.h).
namespace hopyard::sys {

/// Which namespace it is: no other has both numbers while this one lives.
struct NamespaceId {
  dev_t device = 0;
  ino_t inode = 0;
  auto operator<=>(const NamespaceId&) const = default;
};

/// Of the namespace whose file is open; nothing when @p descriptor is no network namespace's.
[[nodiscard]] std::optional<NamespaceId> netns_id(int descriptor);

/// Of the network namespace that process @p pid is in, by the procfs open at @p proc; nothing when that
/// cannot be told.
[[nodiscard]] std::optional<NamespaceId> netns_id_of(int proc, pid_t pid);

}  // namespace hopyard::sys
