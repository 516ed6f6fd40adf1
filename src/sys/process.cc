#include "sys/process.hh"

#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

#include "sys/file.hh"

namespace hopyard::sys {
namespace {

Result<Fork> parent_of(pid_t pid) {
  if (pid == 0) return Fork{};
  HOPYARD_TAKE(pidfd, pidfd_open(pid));
  return Fork{pid, std::move(pidfd)};
}

}  // namespace

std::string fork_remedy(int code) {
  if (code == EAGAIN)
    return "raise the limit of processes: pids.max of the control group (TasksMax= of the systemd unit), "
           "ulimit -u, or kernel.pid_max";
  if (code == ENOSPC)
    return "raise user.max_pid_namespaces, user.max_mnt_namespaces, user.max_uts_namespaces or "
           "user.max_ipc_namespaces";
  return {};
}

Result<Fork> fork() {
  const pid_t pid = ::fork();
  if (pid < 0) {
    const int code = errno;
    return failure("start a process", "", code, "", fork_remedy(code));
  }
  return parent_of(pid);
}

Result<Fork> fork_into_pid_namespace() {
  // Not clone3: only the C library's fork leaves a child whose threads and locks can be relied on. And not
  // from here: who is in a user namespace cannot come back to a pid namespace from before that.
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failure("open a pipe", "", errno);
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // the child's child is then this process's
  const pid_t between = ::fork();
  if (between < 0) {
    const int code = errno;
    return failure("start a process", "", code, "", fork_remedy(code));
  }
  if (between == 0) {
    const pid_t pid = ::unshare(CLONE_NEWPID) != 0 ? -1 : ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_CHILD_SUBREAPER, 0);
      return Fork{};
    }
    const int told = pid < 0 ? -errno : pid;
    const auto said = write_all(writing.get(), {reinterpret_cast<const char*>(&told), sizeof told}, "a pipe");
    ::_exit(said ? 0 : said.error().code);
  }
  writing.reset();
  int told = 0;
  const ssize_t size = ::read(reading.get(), &told, sizeof told);
  const int code = size < 0 ? errno : ECHILD;
  int ending = 0;
  ::waitpid(between, &ending, 0);
  if (size != sizeof told)
    told = -(WIFEXITED(ending) && WEXITSTATUS(ending) != 0 ? WEXITSTATUS(ending) : code);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  if (told < 0) return failure("start a process in namespaces of its own", "", -told, "", fork_remedy(-told));
  return parent_of(told);
}

Result<Fork> clone3(std::uint64_t flags) {
  int pidfd = -1;
  clone_args arguments{};
  arguments.flags = flags | CLONE_PIDFD;
  arguments.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
  arguments.exit_signal = SIGCHLD;
  const auto pid = static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
  if (pid < 0) {
    const int code = errno;
    return failure("start a process in namespaces of its own", "", code, "", fork_remedy(code));
  }
  if (pid == 0) return Fork{};
  return Fork{pid, Fd(pidfd)};
}

Result<> unshare(int flags) {
  if (::unshare(flags) != 0) {
    const int code = errno;
    return failure("create namespaces", "", code, "", code == EPERM ? "run as root" : fork_remedy(code));
  }
  return {};
}

Result<> setns(int descriptor, int flags) {
  if (::setns(descriptor, flags) != 0) return failure("enter namespaces", "", errno);
  return {};
}

Result<> become_root() {
  static_cast<void>(
      ::setgroups(0, nullptr));  // refused where the user namespace was made by an ordinary user
  if (::setresgid(0, 0, 0) != 0 || ::setresuid(0, 0, 0) != 0) return failure("become root", "", errno);
  return {};
}

Result<Fd> pidfd_open(pid_t pid) {
  Fd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!fd) return failure("open a process", std::to_string(pid), errno);
  return fd;
}

Result<> pidfd_send_signal(int pidfd, int signal) {
  if (::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) != 0)
    return failure("send a signal", "", errno);
  return {};
}

Result<bool> await_exit(int pidfd, std::optional<std::chrono::milliseconds> timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout.value_or(std::chrono::milliseconds(0));
  for (;;) {
    int wait = -1;
    if (timeout) {
      const auto left = end - std::chrono::steady_clock::now();
      wait = static_cast<int>(
          std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(left).count()));
    }
    pollfd watched{pidfd, POLLIN, 0};
    const int ready = ::poll(&watched, 1, wait);
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return failure("wait for a process", "", errno);
  }
}

Result<int> await_child(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return failure("wait for process", std::to_string(child), errno);
  return status;
}

int exit_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

void set_process_title(std::string_view title) {
  // On the stack that the kernel made, the arguments lie in a row and the environment behind them (elf(5),
  // proc(5) cmdline).
  constexpr std::ptrdiff_t longest = std::ptrdiff_t{128} * 1024;
  char* const begin = program_invocation_name;
  if (begin == nullptr || environ == nullptr || *environ == nullptr) return;
  const std::ptrdiff_t size = *environ - begin;
  if (size <= 0 || size > longest)
    return;  // the environment was changed: there is no telling where the arguments end
  std::fill_n(begin, size, '\0');
  title.copy(begin, static_cast<std::size_t>(size) - 1);
}

void close_from(unsigned first) {
  ::close_range(first, ~0U, 0);
}

void close_all_but(std::vector<int> kept) {
  std::ranges::sort(kept);
  unsigned next = STDERR_FILENO + 1;
  for (const int descriptor : kept) {
    if (descriptor < static_cast<int>(next)) continue;
    const auto number = static_cast<unsigned>(descriptor);
    if (number > next) ::close_range(next, number - 1, 0);
    next = number + 1;
  }
  close_from(next);
}

}  // namespace hopyard::sys
