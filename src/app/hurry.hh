#pragma once

#include <signal.h>

#include <array>
#include <chrono>

namespace hopyard::app {

/// While it lives, whoever asks again for the end of a lab that is going down gets it: SIGINT, SIGTERM or
/// SIGHUP send SIGTERM to the keeper, which does not wait then for services to end by themselves. One at a
/// time.
///
/// What comes right after the first request is the same one: timeout(1) signals its child and then its own
/// group.
class Hurry {
 public:
  /// @param keeper its pidfd; outlives this. @param pause as long as that, nothing is another request.
  explicit Hurry(int keeper, std::chrono::milliseconds pause = std::chrono::seconds(1));
  Hurry(const Hurry&) = delete;
  Hurry& operator=(const Hurry&) = delete;
  ~Hurry();

 private:
  std::array<struct sigaction, 3> actions_{};  ///< from before
  sigset_t mask_{};                            ///< from before
};

}  // namespace hopyard::app
