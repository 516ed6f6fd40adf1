#include "keeper/job_control.hh"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper/terminal.hh"
#include "sys/signals.hh"

namespace hopyard::keeper {
namespace {

bool is_job_by_itself() {
  if (::getpgrp() != ::getpid()) return false;
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::tcgetpgrp(number) < 0) return false;
  }
  return true;
}

// Stops this process and whoever else is in its group, as the terminal would: a shell whose job is a script
// sees that stop, and not what the script started. @return whether it was: one in a group that nobody would
// continue (setpgid(2), orphaned) goes on.
bool stop(int number) {
  ::signal(number, SIG_DFL);
  ::kill(0, number);
  const sigset_t own = sys::signal_set({number});
  sigset_t before;
  ::pthread_sigmask(SIG_UNBLOCK, &own, &before);  // here
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  sigset_t pending;
  return ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGCONT) == 1;
}

}  // namespace

JobControl::JobControl(bool always)
    : terminal_(standard_terminal()), own_group_(always || is_job_by_itself()), in_front_(has_terminal()) {}

sigset_t JobControl::signals() const {
  sigset_t all = passed_signals();
  if (!own_group_) return all;
  ::sigaddset(&all, SIGTSTP);
  ::sigaddset(&all, SIGCONT);
  return all;
}

bool JobControl::has_terminal() const {
  return terminal_ >= 0 && ::tcgetpgrp(terminal_) == ::getpgrp();
}

void JobControl::resume(const Relay& relay) {
  if (has_terminal()) {
    in_front_ = true;
    relay.give_terminal();
  }
  relay.pass_to_group(SIGCONT);
}

void JobControl::signalled(int number, bool sent, const Relay& relay) {
  if (number == SIGCONT) return resume(relay);
  if (sent && number != SIGTSTP) return relay.pass(number);
  // A key: a command in this group has got it by itself.
  if (own_group_) relay.pass_to_group(number);
}

void JobControl::stopped(const Relay::Report& report, const Relay& relay) {
  const int number = WSTOPSIG(report.status);
  const bool lacks_terminal = number == SIGTTIN || number == SIGTTOU;
  if (lacks_terminal && has_terminal())
    return resume(relay);  // by a shell's `fg` of what ran in the background
  if (!lacks_terminal) take_back(report);
  // With SIGSTOP one that nobody continues would stop for good.
  if (stop(number == SIGSTOP ? SIGTSTP : number)) {
    in_front_ = has_terminal();  // a SIGCONT says so, too, as soon as it is taken
    return;
  }
  if (number == SIGTSTP) return resume(relay);
  if (!lacks_terminal) return;
  take_back(report);  // the relay knows nothing of it any more then
  relay.orphan();
}

void JobControl::ended(const Relay::Report& report) const {
  take_back(report);
}

void JobControl::take_back(const Relay::Report& report) const {
  // One of the host's groups may have it since: then it stays that one's.
  if (!in_front_ || !report.has_terminal) return;
  const sys::BlockedSignals blocked(sys::signal_set({SIGTTOU}));
  ::tcsetpgrp(terminal_, ::getpgrp());
}

}  // namespace hopyard::keeper
