#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "keeper/service_description.hh"
#include "keeper/service_log.hh"
#include "keeper/sign_watch.hh"
#include "net/service.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// Keeps the services of one node running: starts them in their order, waits until they are ready, starts
/// them again, stops them. Waits for nothing itself: who owns it tells it of processes that have ended, and
/// calls tick() when the time of next() has come.
class Supervisor {
 public:
  using Clock = std::chrono::steady_clock;
  using Changed = std::function<void(const ServiceDescription&)>;

  /// @param services, @param environment of the node; outlive the supervisor. @param changed is called when a
  /// service comes into another state.
  Supervisor(std::span<const net::Service> services, std::span<const std::string> environment,
             Changed changed);

  /// One more service, stopped; or, if it was added before, what it is from its next start on. Its `after`
  /// may name what the supervisor has; others do not count. It counts as ready five seconds after its start
  /// at the latest, and a file that says that it is ready is removed before: it may be left from a process
  /// that was killed.
  void add(net::Service service);
  /// The service of that name as it is now; nullptr for none.
  [[nodiscard]] const ServiceDescription* find(std::string_view name) const;
  /// The same as it was given; nullptr for none.
  [[nodiscard]] const net::Service* given(std::string_view name) const;
  /// Names of all services, in their order.
  [[nodiscard]] std::vector<std::string> names() const;
  /// True when it has ended, since it was last asked to start, before it was ready.
  [[nodiscard]] bool has_failed(std::string_view name) const;

  enum class Order : std::uint8_t { Start, Stop, Restart };
  /// Begins with it. @param names of services; none for all. ENOENT for a name that is none.
  Result<> give(Order order, std::span<const std::string> names);
  /// As long as the node is frozen nothing is started, looked at or killed, and nobody's time runs out.
  void freeze(bool frozen);
  [[nodiscard]] bool frozen() const { return frozen_; }
  /// Whether what was ordered of these services has come about. An error when one that had to start has ended
  /// before it was ready.
  [[nodiscard]] Result<bool> fulfilled(Order order, std::span<const std::string> names) const;
  /// True for the process of a service or of its `ready` command.
  [[nodiscard]] bool owns(pid_t pid) const;
  /// True when no service will come to be ready that is not yet: what is not will not be, or is stopped.
  [[nodiscard]] bool settled() const;
  /// Services that had to be ready and will not be, for a person.
  [[nodiscard]] std::vector<std::string> failures() const;

  /// Where the services write; read by who owns the supervisor.
  [[nodiscard]] ServiceLogs& logs() { return logs_; }

  /// To be called for every child that has ended. @param status of waitpid(2).
  void ended(pid_t pid, int status);
  /// When tick() has something to do; Clock::time_point::max() for never.
  [[nodiscard]] Clock::time_point next() const;
  void tick();

 private:
  struct Task {
    const net::Service* service;
    bool added = false;
    ServiceDescription told;
    std::vector<std::size_t> after;
    std::vector<std::size_t> before;  ///< the other way round
    bool stop = false;                ///< it is asked to end
    bool again = false;               ///< and to start after that
    bool failed = false;              ///< since it was last asked to start or was ready it has ended unready
    std::string why_failed;           ///< what was known of that; the next attempt may know nothing of it
    sys::Fd parting;                  ///< by which it was told to end; closed once that has not helped
    SignWatch signs;                  ///< of this start
    pid_t probe = 0;                  ///< the process of its `ready` command
    Clock::time_point started;
    Clock::time_point due = Clock::time_point::max();  ///< when something has to be done about it
    Clock::time_point due_at_freeze;
    std::chrono::milliseconds pause{0};  ///< before it is started again
    std::chrono::milliseconds probe_pause{0};
  };

  void append(const net::Service& service);
  void note(const Task& task, const std::string& words);
  void change(Task& task, ServiceState state);
  /// Starts and stops what may be started and stopped now.
  void advance();
  [[nodiscard]] bool may_start(const Task& task) const;
  [[nodiscard]] bool may_stop(const Task& task) const;
  [[nodiscard]] bool is_lost(const Task& task) const;
  void launch(Task& task);
  void request_end(Task& task);
  void signal_end(Task& task);
  /// When the time that it had to end is over.
  void end_later(Task& task);
  void after_end(Task& task, int exit_status);
  void end_probe(Task& task);
  void look(Task& task);
  /// Of the signs of a machine, and of what its console is to say.
  void tell_what_is_missing(Task& task);
  [[nodiscard]] bool port_is_its_own(Task& task);
  /// Why it is not ready, to who asks; once as long as it is the same.
  /// @return whether it is a new reason.
  bool tell(Task& task, std::string reason);
  /// The same, and to its log.
  void explain(Task& task, std::string reason);
  void probe_result(Task& task, bool ready);
  [[nodiscard]] std::vector<std::size_t> chosen(std::span<const std::string> names) const;
  [[nodiscard]] std::vector<std::string> unknown(std::span<const std::string> names) const;

  std::span<const std::string> environment_;
  Changed changed_;
  std::list<net::Service> added_;
  ServiceLogs logs_;
  std::vector<Task> tasks_;
  bool frozen_ = false;
  Clock::time_point frozen_at_;
};

}  // namespace hopyard::keeper
