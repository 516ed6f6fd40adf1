#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"

namespace hopyard::observe {

/// A process, as proc(5) tells of it.
struct Process {
  pid_t pid = 0;                    ///< as the procfs that was read counts
  pid_t inner_pid = 0;              ///< as the innermost pid namespace that it is in counts
  pid_t inner_session = 0;          ///< of its session, counted like inner_pid; 0 when that is outside
  pid_t parent = 0;                 ///< 0 when that is outside of the procfs's pid namespace
  std::uint64_t pid_namespace = 0;  ///< inode of the pid namespace that it is in
  std::string name;                 ///< at most 15 bytes (comm)
  char state = '?';                 ///< R, S, D, T, Z …
  std::uint64_t memory = 0;         ///< resident bytes
  std::chrono::milliseconds cpu{0};
  std::chrono::milliseconds ended_cpu{0};  ///< of its children that have ended and that it has waited for
  std::string command;  ///< with its arguments; the name in brackets where there are none, as ps(1) has it
};

/// All processes that the procfs open at @p proc shows. Those that end meanwhile are left out.
[[nodiscard]] Result<std::vector<Process>> list_processes(int proc);

/// The process of number @p pid alone; nothing when there is none.
[[nodiscard]] std::optional<Process> read_process(int proc, pid_t pid);

/// Fills in what /proc/PID/stat tells. @return false for a text that is not of its form.
[[nodiscard]] bool parse_stat(std::string_view text, Process& process);

/// What stands in /proc/PID/fdinfo of a pidfd: the number of the process as that procfs counts, 0 for none.
[[nodiscard]] pid_t parse_pidfd_info(std::string_view text);
/// The number that the process of @p pidfd has in the pid namespace of the procfs open at @p proc, in which
/// the caller must be visible.
[[nodiscard]] pid_t number_in(int proc, int pidfd);

}  // namespace hopyard::observe
