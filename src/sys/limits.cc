#include "sys/limits.hh"

#include <dirent.h>
#include <sys/resource.h>

#include <cerrno>
#include <memory>

namespace hopyard::sys {

Result<std::uint64_t> raise_open_files_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return failure("read the limit of open files", "", errno);
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return failure("raise the limit of open files", "", errno);
  }
  return limit.rlim_cur;
}

RaisedOpenFiles::RaisedOpenFiles() {
  ::getrlimit(RLIMIT_NOFILE, &before_);
  static_cast<void>(raise_open_files_limit());
}
RaisedOpenFiles::~RaisedOpenFiles() {
  ::setrlimit(RLIMIT_NOFILE, &before_);
}

Result<std::uint64_t> open_files() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) return failure("count open files", "/proc/self/fd", errno);
  std::uint64_t count = 0;
  while (const dirent* entry = ::readdir(folder.get())) count += entry->d_name[0] != '.' ? 1 : 0;
  return count - 1;  // the folder itself
}

}  // namespace hopyard::sys
