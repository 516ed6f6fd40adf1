#include "app/hurry.hh"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "sys/signals.hh"

namespace hopyard::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<int, 3> requests{SIGINT, SIGTERM, SIGHUP};

// Of the one that lives: a handler is told nothing else.
int keeper_of_handler = -1;
Clock::time_point begins;

// Not by sys::pidfd_send_signal(), whose error would allocate: signal-safety(7).
void on_signal(int) {
  const int before = errno;
  if (Clock::now() >= begins) ::syscall(SYS_pidfd_send_signal, keeper_of_handler, SIGTERM, nullptr, 0);
  errno = before;
}

}  // namespace

Hurry::Hurry(int keeper, std::chrono::milliseconds pause) {
  keeper_of_handler = keeper;
  begins = Clock::now() + pause;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    ::sigaction(requests[i], &action, &actions_[i]);
    const bool ignored = actions_[i].sa_handler == SIG_IGN;  // nohup(1)
    if (ignored) ::sigaction(requests[i], &actions_[i], nullptr);
  }
  const sigset_t all = sys::signal_set({requests[0], requests[1], requests[2]});
  ::pthread_sigmask(SIG_UNBLOCK, &all, &mask_);
}

Hurry::~Hurry() {
  ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  for (std::size_t i = 0; i < requests.size(); ++i) ::sigaction(requests[i], &actions_[i], nullptr);
}

}  // namespace hopyard::app
