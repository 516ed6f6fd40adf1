#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "keeper/control_pipe.hh"
#include "keeper/machine.hh"
#include "keeper/protocol.hh"
#include "keeper/supervisor.hh"
#include "keeper/unit_commands.hh"
#include "keeper/units.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// What the init of a node does from when the node is a machine: starts the node's commands and services,
/// waits until it is ready, does what the keeper orders, and reaps. docs/keeper.md has what is said on the
/// report socket.
class InitLife {
 public:
  /// @param report to the keeper; closed once nothing more is to be said on it. Every signal is blocked.
  /// @param ended signalfd of SIGCHLD, which does not wait.
  InitLife(const MachinePlan& plan, sys::Fd report, sys::Fd ended);
  /// @param run_them starts commands and services; else it only reaps.
  [[noreturn]] void run(bool run_them);

 private:
  using Clock = Supervisor::Clock;

  /// Waits for the next event, at most until then, and deals with all that there are.
  void turn(Clock::time_point until);
  void reap();
  void hear();
  void take(const Json& order);
  /// The services that the names of an order mean; to start, also of daemons that the node did not have yet.
  Result<std::vector<std::string>> services_for(Supervisor::Order what,
                                                const std::vector<std::string>& names);
  void answer_fulfilled();
  /// Answers the node's programs whose orders have come about.
  void answer_programs();
  void hear_programs();
  void tell(const Json& message) const;

  /// Starts the commands one after the other. @return those that failed, for a person.
  std::vector<std::string> run_commands(bool wait_for_last);
  /// Until it has ended, or is taken for a service. @param failed gets a sentence if it has failed.
  void await_command(const std::string& command, pid_t child, std::vector<std::string>& failed);
  /// @return its exit status; nothing if it is not at work, or the node has stood still meanwhile.
  std::optional<int> work_through(pid_t child);
  void wait_until_succeeds(const std::string& command);
  /// Not before a frozen node goes on.
  [[nodiscard]] Result<pid_t> start(const std::string& command, bool logged);
  /// @return its exit status; nothing if it still runs at that time, and the node does.
  std::optional<int> wait(pid_t child, Clock::time_point until);

  /// An order of the keeper that has not come about yet.
  struct Order {
    std::uint64_t number;
    Supervisor::Order what;
    std::vector<std::string> names;
  };

  const net::Machine& machine_;
  std::vector<std::string> environment_;
  sys::Fd report_;
  sys::Fd ended_;  ///< signalfd of SIGCHLD
  FrameReader orders_{longest_request};
  /// A program of the node that waits for its answer.
  struct Asked {
    std::string pipe;  ///< empty when it is answered already
    UnitAnswer answer;
  };

  std::vector<Order> pending_;
  std::vector<Asked> asked_;
  pid_t last_ = 0;                  ///< of the node's commands, where nothing of the node comes after it
  std::optional<int> last_status_;  ///< it may end while nobody waits for it yet
  bool stood_still_ = false;        ///< the node was frozen or thawed since this was cleared
  pid_t awaited_ = 0;
  std::optional<int> awaited_status_;
  Supervisor supervisor_;
  Units units_;
  UnitCommands commands_;
  ControlPipe control_;
};

}  // namespace hopyard::keeper
