#include "sys/inotify.hh"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

namespace hopyard::sys {

Result<FolderWatch> FolderWatch::open(const std::string& folder, std::uint32_t mask) {
  Fd fd(::inotify_init1(IN_CLOEXEC));
  if (!fd) {
    return failure("watch folder", folder, errno, {},
                   errno == EMFILE ? "raise fs.inotify.max_user_instances" : "");
  }
  if (::inotify_add_watch(fd.get(), folder.c_str(), mask | IN_ONLYDIR) < 0)
    return failure("watch folder", folder, errno, {},
                   errno == ENOSPC ? "raise fs.inotify.max_user_watches" : "");
  return FolderWatch(std::move(fd));
}

Result<std::vector<FolderWatch::Event>> FolderWatch::wait() {
  constexpr std::size_t longest = sizeof(inotify_event) + NAME_MAX + 1;
  std::array<char, 16 * longest> room;
  ssize_t count = -1;
  do {
    count = ::read(fd_.get(), room.data(), room.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return failure("watch a folder", "", errno);
  std::vector<Event> events;
  for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(count);) {
    inotify_event head{};
    std::memcpy(&head, room.data() + at, sizeof head);
    const char* const name = room.data() + at + sizeof head;
    events.push_back({head.mask, std::string(name, ::strnlen(name, head.len))});
    at += sizeof head + head.len;
  }
  return events;
}

}  // namespace hopyard::sys
