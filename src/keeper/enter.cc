#include "keeper/enter.hh"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "keeper/job_control.hh"
#include "keeper/relay.hh"
#include "sys/process.hh"
#include "sys/signals.hh"

namespace hopyard::keeper {
namespace {

Result<Relay::Report> wait_for(const Relay& relay, int signals, JobControl& job) {
  for (;;) {
    std::array<pollfd, 2> watched{{{relay.descriptor(), POLLIN, 0}, {signals, POLLIN, 0}}};
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[1].revents != 0)
      take_signals(signals, [&](int number, bool sent) { job.signalled(number, sent, relay); });
    if (watched[0].revents == 0) continue;
    auto report = relay.read_report();
    if (!report || !WIFSTOPPED(report->status)) {
      job.ended(report.value_or(Relay::Report{SIGKILL, true}));
      return report;
    }
    job.stopped(*report, relay);
  }
}

// Ends this process as the signal ended the command, but without a core file of its own.
void die_by(int number) {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::signal(number, SIG_DFL);
  sigset_t set = sys::signal_set({number});
  ::raise(number);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

Result<int> run_in(const Entry& entry, std::span<const std::string> arguments, const RunOptions& options) {
  int status = 0;
  {
    JobControl job(options.own_terminal);
    const sigset_t taken = job.signals();
    const sys::BlockedSignals blocked(taken);
    HOPYARD_TAKE(signals, sys::signalfd(taken));
    HOPYARD_TAKE(relay,
                 Relay::start({entry, arguments, {}, job.own_group(), job.in_front(), blocked.before()}));
    HOPYARD_TAKE(report, wait_for(relay, signals.get(), job));
    status = report.status;
  }
  if (options.mirror_signal && WIFSIGNALED(status)) die_by(WTERMSIG(status));
  return sys::exit_status(status);
}

std::vector<std::string> shell_of(const Entry& entry) {
  // Set at the first prompt, after whatever the start-up files have set, and then left alone.
  const std::string prompt = "PROMPT_COMMAND=PS1='\\u@" + entry.node + ":\\w\\$ '; unset PROMPT_COMMAND";
  const std::string plain = "PS1='root@" + entry.node + ":$PWD# '";
  const std::string script =
      "if command -v bash >/dev/null; then export SHELL=$(command -v bash); exec env \"$1\" bash -l; fi; "
      "printf '%s\\n' \"$2\" >/run/hopyard-shell; ENV=/run/hopyard-shell exec sh -l -i";
  return {"/bin/sh", "-c", script, "sh", prompt, plain};
}

}  // namespace hopyard::keeper
