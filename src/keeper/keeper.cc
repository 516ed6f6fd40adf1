#include "keeper/keeper.hh"

#include <malloc.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "keeper/exposed.hh"
#include "sys/signals.hh"

namespace hopyard::keeper {

Keeper::Keeper(Holdings holdings, Loop loop)
    : held_(std::move(holdings)),
      directory_(held_.desired),
      outages_(held_.desired, directory_),
      loop_(std::move(loop)) {}

void Keeper::run() {
  watch_signals();
  watch_starter();
  await_readiness();
  start_warm();
  ::malloc_trim(0);
  loop_.run();
  end(EXIT_SUCCESS);
}

void Keeper::watch_signals() {
  const sigset_t watched = sys::signal_set({SIGCHLD, SIGTERM, SIGINT, SIGHUP});
  ::sigprocmask(SIG_SETMASK, &watched, nullptr);
  auto signals = sys::signalfd(watched);
  if (!signals) give_up(signals.error());
  signals_ = std::move(*signals);
  auto watch = loop_.watch(signals_.get(), Loop::For::Reading, [this] {
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
      if (info.ssi_signo != SIGCHLD) end(EXIT_SUCCESS);
    }
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
  });
  if (!watch) give_up(watch.error());
  signal_watch_ = std::move(*watch);
}

// Nothing more is said on it: it becomes readable when its other end has gone.
void Keeper::watch_starter() {
  auto watch = loop_.watch(held_.starter.get(), Loop::For::Reading, [this] { end(EXIT_FAILURE); });
  if (!watch) give_up(watch.error());
  starter_watch_ = std::move(*watch);
}

void Keeper::end(int status) {
  const bool undone = undo_changes(held_.claim, held_.adoptions);
  // Control groups and names under /run/netns can be removed by their paths on the host alone, the groups
  // once the processes are gone: the directory says which.
  held_.merging.release();
  if (undone && held_.cgroups.empty() && !has_exposed(held_.claim.folder()))
    static_cast<void>(held_.claim.remove());
  ::_exit(status);  // the kernel ends all that this process holds
}

}  // namespace hopyard::keeper
