#pragma once

#include <signal.h>

#include <array>

namespace hopyard::app {

/// While it lives, whoever asks again for the end of a lab that is going down gets it: SIGINT, SIGTERM or
/// SIGHUP send SIGTERM to the keeper, which does not wait then for services to end by themselves. One at a
/// time.
///
/// What comes within a second of the beginning is the same request: timeout(1) signals its child and then its
/// own group.
class Hurry {
 public:
  /// @param keeper its pidfd; outlives this.
  explicit Hurry(int keeper);
  Hurry(const Hurry&) = delete;
  Hurry& operator=(const Hurry&) = delete;
  ~Hurry();

 private:
  std::array<struct sigaction, 3> actions_{};  ///< from before
  sigset_t mask_{};                            ///< from before
};

}  // namespace hopyard::app
