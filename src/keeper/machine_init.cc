#include "keeper/machine_init.hh"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

#include "keeper/init_life.hh"
#include "keeper/json.hh"
#include "keeper/limited.hh"
#include "keeper/machine_root.hh"
#include "keeper/protocol.hh"
#include "kernel/page_merging.hh"
#include "sys/file.hh"
#include "sys/process.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

// What an init does to the node's processes, whatever user they are, and to its files.
constexpr net::CapabilitySet needed = net::capability("kill") | net::capability("chown") |
                                      net::capability("dac_override") | net::capability("fowner") |
                                      net::capability("fsetid");

Result<> become_machine(const MachinePlan& plan) {
  ::setsid();
  for (const int group : plan.cgroups) HOPYARD_TRY(sys::write_all(group, "0", "cgroup.procs"));
  if (plan.merges_memory) HOPYARD_TRY(kernel::merge_own_pages());
  HOPYARD_TRY(sys::setns(plan.netns, CLONE_NEWNET));
  const std::string& hostname = hostname_of(plan.node);
  if (::sethostname(hostname.data(), hostname.size()) != 0)
    return failure("set the hostname", hostname, errno);
  return enter_machine_root(plan);
}

// Keeps nothing open but /dev/null as the standard ones, and the report.
Result<> close_all_but(sys::Fd& report) {
  constexpr int place = 3;
  HOPYARD_TAKE(null, sys::open_at(sys::here(), "/dev/null", O_RDWR));
  for (int number = 0; number < place; ++number)
    if (::dup2(null.get(), number) < 0) return failure("open", "/dev/null", errno);
  if (report.get() != place) {
    if (::dup3(report.get(), place, O_CLOEXEC) < 0) return failure("copy a descriptor", "", errno);
    if (null.get() == place) static_cast<void>(null.release());  // its number is another's now
    report = sys::Fd(place);
  }
  null.reset();
  sys::close_from(place + 1);
  return {};
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
  const auto fail = [&report](const Error& error) {
    report_to(report, {{"ok", false}, {"error", to_json(error)}});
    ::_exit(1);
  };
  if (const Result<> made = become_machine(plan); !made) fail(made.error());
  if (const Result<> closed = close_all_but(report); !closed) fail(closed.error());
  ::setrlimit(RLIMIT_NOFILE, &plan.host.open_files);
  if (const Result<> limited = limit_rights(plan.node.machine.rights, needed); !limited)
    fail(limited.error());
  auto ended = sys::signalfd(sys::signal_set({SIGCHLD}));
  if (!ended) fail(ended.error());
  InitLife(plan, std::move(report), std::move(*ended)).run(plan.run_commands);
}

}  // namespace hopyard::keeper
