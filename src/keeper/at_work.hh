#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <set>
#include <span>

#include "observe/processes.hh"

/// Which of the commands of a node are for its settings and not through yet, and which are meant to go on.
namespace hopyard::keeper {

/// Who has had so much of the processors is not through soon.
inline constexpr std::chrono::milliseconds most_work{500};
/// So many looks in a row that find the same, and nobody who works, make a service of a command. One is not
/// enough: a shell sleeps while its child works, and /proc may be read when one child has ended or before the
/// next one is listed.
inline constexpr int quiet_looks = 3;

/// What is seen of a command, look by look.
class AtWork {
 public:
  /// @param session the one that the command leads.
  explicit AtWork(pid_t session) : session_(session) {}

  /// Takes one more look. A process of the session works when it runs, or waits for a processor, the disk or
  /// the kernel, and not for something to happen. Work is also when others are there than at the last look,
  /// or they have had more of the processors: a process may have threads, and one that has ended is not seen.
  /// @return whether the command is still at work; false too once all of them have had most_work.
  [[nodiscard]] bool look(std::span<const observe::Process> processes);
  /// The same at those that the caller's /proc shows; none are there if it cannot be read.
  [[nodiscard]] bool look();

 private:
  struct Seen {
    std::set<pid_t> processes;
    std::chrono::milliseconds had{0};
    bool operator==(const Seen&) const = default;
  };

  pid_t session_;
  std::optional<Seen> last_;
  int quiet_ = 0;  ///< looks in a row
};

}  // namespace hopyard::keeper
