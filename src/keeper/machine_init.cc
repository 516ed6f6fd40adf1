#include "keeper/machine_init.hh"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

#include "keeper/init_life.hh"
#include "keeper/json.hh"
#include "keeper/machine_root.hh"
#include "keeper/protocol.hh"
#include "kernel/page_merging.hh"
#include "sys/file.hh"
#include "sys/process.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

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
sys::Fd close_all_but(sys::Fd report) {
  constexpr int place = 3;
  const int null = ::open("/dev/null", O_RDWR);
  for (int number = 0; number < place; ++number) ::dup2(null, number);
  if (report.get() != place) report = sys::Fd(::dup2(report.get(), place));
  ::fcntl(place, F_SETFD, FD_CLOEXEC);
  sys::close_from(place + 1);
  return report;
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
  InitLife(plan, std::move(report)).run(plan.run_commands);
}

}  // namespace hopyard::keeper
