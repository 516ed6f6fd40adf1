#include "sys/nsfs.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

namespace hopyard::sys {

std::optional<NamespaceId> netns_id(int descriptor) {
  struct stat status {};
  if (::ioctl(descriptor, NS_GET_NSTYPE) != CLONE_NEWNET || ::fstat(descriptor, &status) != 0)
    return std::nullopt;
  return NamespaceId{status.st_dev, status.st_ino};
}

std::optional<NamespaceId> netns_id_of(int proc, pid_t pid) {
  struct stat status {};
  if (::fstatat(proc, fmt::format("{}/ns/net", pid).c_str(), &status, 0) != 0) return std::nullopt;
  return NamespaceId{status.st_dev, status.st_ino};
}

}  // namespace hopyard::sys
