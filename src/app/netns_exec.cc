#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "app/netns.hh"
#include "app/netns_folder.hh"
#include "sys/file.hh"
#include "sys/mount.hh"
#include "sys/netns.hh"
#include "sys/process.hh"

namespace hopyard::app {
namespace {

struct Kept {
  std::string point;
  sys::Fd mount;
};

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

/// What is mounted right below /sys, with all that is mounted on it in turn. What cannot be kept is hidden,
/// as ip does with all of it.
Result<std::vector<Kept>> mounts_below_sys() {
  HOPYARD_TAKE(text, sys::read_file(sys::here(), "/proc/self/mountinfo"));
  std::vector<std::string> points;
  for (const sys::Mount& mount : sys::parse_mountinfo(text))
    if (is_below(mount.point, "/sys")) points.push_back(mount.point);
  std::ranges::sort(points);
  std::vector<Kept> kept;
  for (const std::string& point : points) {
    const auto covers = [&](const Kept& one) { return one.point == point || is_below(point, one.point); };
    if (std::ranges::any_of(kept, covers)) continue;
    sys::Fd mount(::open_tree(AT_FDCWD, point.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE));
    if (mount) kept.push_back({point, std::move(mount)});
  }
  return kept;
}

/// A fresh sysfs shows the interfaces of the network namespace that it was mounted in (sysfs(5)).
Result<> mount_sys(const std::string& name) {
  HOPYARD_TAKE(kept, mounts_below_sys());
  struct statvfs old {};
  const bool read_only = ::statvfs("/sys", &old) == 0 && (old.f_flag & ST_RDONLY) != 0;
  static_cast<void>(::umount2("/sys", MNT_DETACH));  // it may be no mount, or one that must stay
  if (::mount(name.c_str(), "/sys", "sysfs", read_only ? MS_RDONLY : 0, nullptr) != 0) {
    const int code = errno;
    return failure("mount /sys for network namespace", name, code, {}, rights_remedy(code));
  }
  for (const Kept& one : kept) static_cast<void>(sys::attach_mount(one.mount, one.point));
  return {};
}

void bind_etc(const std::string& name, const std::function<void(const Error&)>& warn) {
  const std::string folder = "/etc/netns/" + name;
  const auto open = sys::open_at(sys::here(), folder, O_RDONLY | O_DIRECTORY);
  if (!open) return;
  const auto names = sys::list_folder(open->get());
  if (!names) return warn(names.error());
  for (const std::string& file : *names)
    if (const auto bound = sys::bind(fmt::format("{}/{}", folder, file), "/etc/" + file); !bound)
      warn(bound.error());
}

}  // namespace

Result<> enter_netns(const std::string& name, const std::function<void(const Error&)>& warn) {
  HOPYARD_TAKE(netns, open_netns(name));
  if (auto entered = sys::enter_netns(netns.get()); !entered) {
    entered.error().object = name;
    entered.error().remedy = rights_remedy(entered.error().code);
    return entered;
  }
  HOPYARD_TRY(sys::unshare(CLONE_NEWNS));
  if (::mount("", "/", "none", MS_SLAVE | MS_REC, nullptr) != 0)
    return failure("keep mounts from going out", "", errno);
  HOPYARD_TRY(mount_sys(name));
  bind_etc(name, warn);
  return {};
}

Error replace_by(std::span<const std::string> command) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words.front(), words.data());
  return {"run", command.front(), errno, {}, {}};
}

Result<Apart> run_apart(const std::function<int()>& run, bool collects) {
  const sys::Fd output(::memfd_create("stdout", MFD_CLOEXEC));
  const sys::Fd errors(::memfd_create("stderr", MFD_CLOEXEC));
  if (!output || !errors) return failure("make a file in memory", "", errno);
  HOPYARD_TAKE(child, sys::fork());
  if (child.is_child()) {
    if (collects) {
      ::dup2(output.get(), STDOUT_FILENO);
      ::dup2(errors.get(), STDERR_FILENO);
    }
    ::_exit(run());
  }
  int state = 0;
  while (::waitpid(child.pid, &state, 0) < 0 && errno == EINTR) {
  }
  Apart apart{sys::exit_status(state), {}, {}};
  if (!collects) return apart;
  const auto text_of = [](const sys::Fd& file) {
    return sys::read_file(sys::here(), fmt::format("/proc/self/fd/{}", file.get()));
  };
  HOPYARD_TAKE(out, text_of(output));
  HOPYARD_TAKE(err, text_of(errors));
  apart.output = std::move(out);
  apart.errors = std::move(err);
  return apart;
}

}  // namespace hopyard::app
