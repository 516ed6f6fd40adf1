#pragma once

#include <signal.h>

#include <initializer_list>

#include "base/error.hh"
#include "sys/fd.hh"

namespace hopyard::sys {

/// The set of the signals @p numbers (sigsetops(3)).
[[nodiscard]] sigset_t signal_set(std::initializer_list<int> numbers);

/// While it lives, the calling thread has some signals blocked; then its mask is as it was
/// (pthread_sigmask(3)).
class BlockedSignals {
 public:
  explicit BlockedSignals(const sigset_t& signals);
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;
  ~BlockedSignals();
  /// The mask from before: what a child that runs another program is given.
  [[nodiscard]] const sigset_t& before() const { return before_; }

 private:
  sigset_t before_;
};

/// A descriptor that reads the signals of @p signals, which the caller has blocked (signalfd(2)); does not
/// wait when there are none.
[[nodiscard]] Result<Fd> signalfd(const sigset_t& signals);

/// Every signal back to its default action and none blocked: for a process that begins a life of its own.
void reset_signals();

/// "SIGTERM"; "signal 40" for one that has no name.
[[nodiscard]] std::string signal_name(int number);

}  // namespace hopyard::sys
