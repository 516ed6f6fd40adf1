#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

/// Processes, by descriptors that cannot come to mean another one (pidfd_open(2)).
namespace hopyard::sys {

/// What a fork gave: to the parent the child, to the child itself 0.
struct Fork {
  pid_t pid = 0;  ///< as the parent's pid namespace counts
  Fd pidfd;
  [[nodiscard]] bool is_child() const { return pid == 0; }
};

/// fork(2).
[[nodiscard]] Result<Fork> fork();
/// What helps when no process can be started, by the errno of fork(2) or clone(2); may be empty.
[[nodiscard]] std::string fork_remedy(int code);

/// Forks a child that is pid 1 of a new pid namespace (pid_namespaces(7)); the parent stays in its own. The
/// parent has one thread.
[[nodiscard]] Result<Fork> fork_into_pid_namespace();

/// Forks with namespaces of the child's own, in one call (clone3(2)). The parent has one thread.
/// @param flags CLONE_NEW… of sched.h.
[[nodiscard]] Result<Fork> clone3(std::uint64_t flags);

/// unshare(2) and setns(2) for the calling process.
[[nodiscard]] Result<> unshare(int flags);
[[nodiscard]] Result<> setns(int descriptor, int flags);
/// User and group 0 of the user namespace that the process is in, without other groups where it may drop
/// them.
[[nodiscard]] Result<> become_root();

[[nodiscard]] Result<Fd> pidfd_open(pid_t pid);
/// ESRCH when the process is gone.
[[nodiscard]] Result<> pidfd_send_signal(int pidfd, int signal);

/// Waits until the process has ended. @return false when the time was over first.
/// @param timeout nothing: as long as it takes.
[[nodiscard]] Result<bool> await_exit(int pidfd, std::optional<std::chrono::milliseconds> timeout);

/// The status of a child as waitpid(2) tells it, once it has ended, whatever interrupts the waiting.
[[nodiscard]] Result<int> await_child(pid_t child);
/// The status that a shell would show for what waitpid(2) gave: the exit status, or 128 and the signal's
/// number.
[[nodiscard]] int exit_status(int wait_status);

/// What ps(1) shows of this process: @p title instead of its arguments, cut to their length. The arguments
/// are gone afterwards.
void set_process_title(std::string_view title);

/// Closes every descriptor from @p first on (close_range(2)).
void close_from(unsigned first);
/// Closes every descriptor but the standard ones and @p kept.
void close_all_but(std::vector<int> kept);

}  // namespace hopyard::sys
