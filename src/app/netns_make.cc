#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <set>

#include "app/netns.hh"
#include "app/netns_folder.hh"
#include "observe/containers.hh"
#include "observe/processes.hh"
#include "sys/file.hh"
#include "sys/netns.hh"
#include "sys/nsfs.hh"
#include "sys/process.hh"
#include "sys/signals.hh"

namespace hopyard::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds grace{2000};

Result<> make_file(const std::string& name) {
  HOPYARD_TRY(check_netns_name(name));
  HOPYARD_TRY(prepare_netns_folder());
  const sys::Fd file(::open(netns_path(name).c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0));
  if (file) return {};
  const int code = errno;
  return failure(
      "create network namespace", name, code, {},
      code == EEXIST ? "take the old one away with: hopyard netns delete " + name : rights_remedy(code));
}

/// The file is made by now: it goes again when nothing can be mounted on it.
Result<> mount_on(const std::string& source, const std::string& name) {
  if (::mount(source.c_str(), netns_path(name).c_str(), "none", MS_BIND, nullptr) == 0) return {};
  const int code = errno;
  return failure("give a network namespace the name", name, code, source, rights_remedy(code));
}

Result<> unless_removed(Result<> done, const std::string& name) {
  if (!done) ::unlink(netns_path(name).c_str());
  return done;
}

Result<> make_and_mount(const std::string& name) {
  HOPYARD_TAKE(home, sys::current_netns());
  auto made = sys::unshare_netns();
  if (!made) return made;
  const auto back = sys::InsideNetns::already(home.get());
  return mount_on("/proc/thread-self/ns/net", name);
}

Result<pid_t> pid_of(const std::string& whom) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool number = !whom.empty() && std::ranges::all_of(whom, is_digit);
  HOPYARD_TAKE(found, observe::find_container(number ? "pid:" + whom : whom));
  return found.pid;
}

/// The processes of a namespace that are not this one.
class Inside {
 public:
  Inside(sys::Fd proc, sys::NamespaceId id) : proc_(std::move(proc)), id_(id) {}

  [[nodiscard]] Result<std::vector<NetnsProcess>> list() const {
    HOPYARD_TAKE(names, sys::list_folder(proc_.get()));
    std::vector<NetnsProcess> found;
    for (const std::string& name : names) {
      pid_t pid = 0;
      if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc{} || !has(pid))
        continue;
      if (const auto process = observe::read_process(proc_.get(), pid))
        found.push_back({pid, process->command});
    }
    std::ranges::sort(found, {}, &NetnsProcess::pid);
    return found;
  }
  [[nodiscard]] bool has(pid_t pid) const {
    const auto theirs = sys::netns_id_of(proc_.get(), pid);
    return theirs && *theirs == id_;
  }

 private:
  sys::Fd proc_;
  sys::NamespaceId id_;
};

Result<Inside> inside(int netns) {
  HOPYARD_TAKE(proc, sys::open_at(sys::here(), "/proc", O_RDONLY | O_DIRECTORY));
  return Inside(std::move(proc), sys::netns_id(netns).value_or(sys::NamespaceId{}));
}

/// Sends @p signal to all that are inside, and waits for the ends until @p end. @return whether all are gone.
Result<bool> end_all(const Inside& inside, int signal, Clock::time_point end,
                     std::vector<NetnsProcess>& ended) {
  std::set<pid_t> told;
  for (;;) {
    HOPYARD_TAKE(left, inside.list());
    if (left.empty()) return true;
    std::vector<sys::Fd> waiting;
    for (const NetnsProcess& process : left) {
      auto pidfd = sys::pidfd_open(process.pid);
      if (!pidfd || !inside.has(process.pid)) continue;  // it has ended, and the number may be another's
      if (told.insert(process.pid).second) {
        HOPYARD_TRY(sys::pidfd_send_signal(pidfd->get(), signal));
        if (std::ranges::find(ended, process.pid, &NetnsProcess::pid) == ended.end())
          ended.push_back(process);
      }
      waiting.push_back(std::move(*pidfd));
    }
    for (const sys::Fd& one : waiting) {
      const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
      HOPYARD_TAKE(gone, sys::await_exit(one.get(), std::max(rest, std::chrono::milliseconds{0})));
      if (!gone) return false;
    }
  }
}

Result<std::vector<NetnsProcess>> end_inside(const std::string& name) {
  const std::string doing = "end what runs in " + name;
  struct stat status {};
  if (::lstat(netns_path(name).c_str(), &status) == 0 && S_ISLNK(status.st_mode))
    return refusal(doing, "it is a link to a namespace of somebody else",
                   "end the processes where they belong");
  HOPYARD_TAKE(netns, open_netns(name));
  HOPYARD_TAKE(all, inside(netns.get()));
  if (all.has(::getpid()) || all.has(1))
    return refusal(doing, "the namespace is that of this command or of the whole machine",
                   "take only the name away, without --kill");
  std::vector<NetnsProcess> ended;
  HOPYARD_TAKE(gone, end_all(all, SIGTERM, Clock::now() + grace, ended));
  if (!gone) {
    HOPYARD_TAKE(killed, end_all(all, SIGKILL, Clock::now() + grace, ended));
    if (!killed)
      return refusal(doing, "there are processes that do not end", "'hopyard netns pids' shows them");
  }
  return ended;
}

}  // namespace

Result<> add_netns(const std::string& name) {
  const sys::BlockedSignals whole(sys::signal_set({SIGINT, SIGTERM, SIGHUP}));  // no half of it is left
  HOPYARD_TRY(make_file(name));
  return unless_removed(make_and_mount(name), name);
}

Result<pid_t> attach_netns(const std::string& name, const std::string& whom) {
  HOPYARD_TRY(check_netns_name(name));
  HOPYARD_TAKE(pid, pid_of(whom));
  const sys::BlockedSignals whole(sys::signal_set({SIGINT, SIGTERM, SIGHUP}));
  HOPYARD_TRY(make_file(name));
  HOPYARD_TRY(unless_removed(mount_on(fmt::format("/proc/{}/ns/net", pid), name), name));
  return pid;
}

Result<std::vector<NetnsProcess>> netns_processes(const std::string& name) {
  HOPYARD_TAKE(netns, open_netns(name));
  HOPYARD_TAKE(all, inside(netns.get()));
  return all.list();
}

Result<std::vector<NetnsProcess>> delete_netns(const std::string& name, bool kill) {
  HOPYARD_TRY(check_netns_name(name));
  std::vector<NetnsProcess> ended;
  if (kill) {
    HOPYARD_TAKE(those, end_inside(name));
    ended = std::move(those);
  }
  const std::string path = netns_path(name);
  static_cast<void>(::umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW));  // a file may have no mount on it
  if (::unlink(path.c_str()) == 0) return ended;
  const int code = errno;
  return failure("delete network namespace", name, code, {},
                 code == ENOENT ? "'hopyard netns list' shows which there are" : rights_remedy(code));
}

}  // namespace hopyard::app
