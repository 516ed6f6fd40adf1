#include "keeper/machine_init.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>

#include "keeper/environment.hh"
#include "keeper/json.hh"
#include "keeper/machine_root.hh"
#include "keeper/protocol.hh"
#include "sys/file.hh"
#include "sys/process.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

using std::chrono::milliseconds;

// A command that has not ended after so long is a service, and the next one need not wait for it.
constexpr milliseconds service_after{250};
constexpr milliseconds first_retry{10};
constexpr milliseconds longest_retry{1000};
constexpr const char* log_folder = "/var/log/hopyard";
constexpr const char* log_file = "/var/log/hopyard/run.log";

Result<> become_machine(const MachinePlan& plan) {
  ::setsid();
  for (const int group : plan.cgroups) HOPYARD_TRY(sys::write_all(group, "0", "cgroup.procs"));
  HOPYARD_TRY(sys::setns(plan.netns, CLONE_NEWNET));
  const std::string& hostname = hostname_of(plan.node);
  if (::sethostname(hostname.data(), hostname.size()) != 0)
    return failure("set the hostname", hostname, errno);
  return enter_machine_root(plan);
}

// Keeps nothing open but /dev/null as the standard ones, and the report.
sys::Fd close_all_but(sys::Fd report) {
  constexpr int place = 3;
  const int null = ::open("/dev/null", O_RDWR);
  for (int number = 0; number < place; ++number) ::dup2(null, number);
  if (report.get() != place) report = sys::Fd(::dup2(report.get(), place));
  ::fcntl(place, F_SETFD, FD_CLOEXEC);
  sys::close_from(place + 1);
  return report;
}

class Init {
 public:
  explicit Init(const MachinePlan& plan)
      : environment_(process_environment(nullptr, node_environment(plan.lab, plan.node))) {}

  /// Starts the commands one after the other. @return those that failed, for a person.
  std::vector<std::string> run(const std::vector<std::string>& commands, bool wait_for_last);
  void wait_until_succeeds(const std::string& command);
  [[noreturn]] void reap() {
    for (;;) wait(0, std::nullopt);
  }

 private:
  [[nodiscard]] pid_t start(const std::string& command, bool logged);
  /// Reaps until @p child has ended or the time is over. @return its exit status.
  std::optional<int> wait(pid_t child, std::optional<milliseconds> timeout);

  std::vector<std::string> environment_;
};

pid_t Init::start(const std::string& command, bool logged) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  sys::reset_signals();
  ::setsid();
  if (logged) {
    const int log = ::open(log_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    static_cast<void>(sys::write_all(log, fmt::format("+ {}\n", command), log_file));
    ::dup2(log, 1);
    ::dup2(log, 2);
  }
  const std::vector<std::string> arguments{"/bin/sh", "-c", command};
  ::execve("/bin/sh", pointers(arguments).data(), pointers(environment_).data());
  ::_exit(127);
}

std::optional<int> Init::wait(pid_t child, std::optional<milliseconds> timeout) {
  const sigset_t ended = sys::signal_set({SIGCHLD});
  const auto end = std::chrono::steady_clock::now() + timeout.value_or(milliseconds(0));
  for (;;) {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      if (pid == child) return sys::exit_status(status);
    }
    if (!timeout) {
      ::sigwaitinfo(&ended, nullptr);
      continue;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::nanoseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    const timespec pause{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    ::sigtimedwait(&ended, nullptr, &pause);
  }
}

std::vector<std::string> Init::run(const std::vector<std::string>& commands, bool wait_for_last) {
  std::vector<std::string> failed;
  if (commands.empty()) return failed;
  if (const auto root = sys::open_at(sys::here(), "/", O_PATH | O_DIRECTORY)) {
    static_cast<void>(sys::make_folders_in_root(root->get(), log_folder, 0755));
  }
  for (const std::string& command : commands) {
    const pid_t child = start(command, true);
    if (!wait_for_last && &command == &commands.back()) break;
    const auto status = wait(child, service_after);
    if (status && *status != 0) failed.push_back(fmt::format("'{}' ended with status {}", command, *status));
  }
  return failed;
}

void Init::wait_until_succeeds(const std::string& command) {
  for (milliseconds pause = first_retry;; pause = std::min(pause * 3 / 2, longest_retry)) {
    if (wait(start(command, false), std::nullopt) == 0) return;
    wait(0, pause);
  }
}

void report_to(const sys::Fd& report, const Json& message) {
  static_cast<void>(sys::send_all(report.get(), frame(text_of(message))));
}

}  // namespace

void run_init(const MachinePlan& plan, sys::Fd report) {
  ::prctl(PR_SET_NAME, "hopyard-init");
  sys::set_process_title("hopyard: node " + plan.node.name);
  sigset_t every;
  ::sigfillset(&every);
  ::sigprocmask(SIG_SETMASK, &every, nullptr);
  if (const Result<> made = become_machine(plan); !made) {
    report_to(report, {{"ok", false}, {"error", to_json(made.error())}});
    ::_exit(1);
  }
  report = close_all_but(std::move(report));
  ::setrlimit(RLIMIT_NOFILE, &plan.host.open_files);
  report_to(report, {{"ok", true}});
  Init init(plan);
  if (plan.run_commands) {
    const net::Machine& machine = plan.node.machine;
    const auto failed = init.run(machine.run, machine.ready.empty());
    if (!machine.ready.empty()) init.wait_until_succeeds(machine.ready);
    report_to(report, {{"ready", true}, {"failed", failed}});
  }
  report.reset();
  init.reap();
}

}  // namespace hopyard::keeper
