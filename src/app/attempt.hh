#pragma once

#include <chrono>
#include <string>

#include "base/error.hh"
#include "keeper/client.hh"
#include "lab/check.hh"

namespace hopyard::app {

/// What one attempt at a check has shown.
struct Seen {
  bool so = false;    ///< what is asked for is so
  std::string words;  ///< what was seen instead, or (for what must not be) that it was so
  bool whole = true;  ///< false when the time was over before the attempt was
};

/// Makes attempts at the checks of a running lab. A signal, or the end of the lab, cuts an attempt short.
class Attempts {
 public:
  using Clock = std::chrono::steady_clock;

  /// @param signals a signalfd of the signals that end the test, @param ended readable when the lab has
  /// ended; both stay the caller's.
  Attempts(const lab::Lab& lab, keeper::Client& client, int signals, int ended)
      : lab_(lab), client_(client), signals_(signals), ended_(ended) {}

  /// One attempt that is over at @p until at the latest, or when what must not answer has had its time.
  [[nodiscard]] Result<Seen> make(const lab::Check& check, Clock::time_point until);
  /// Waits until @p until for @p descriptor (none: -1) to be readable. @return false when it is not.
  [[nodiscard]] bool wait(int descriptor, Clock::time_point until);
  /// True once a signal has come or the lab has ended.
  [[nodiscard]] bool cut_short() const { return cut_short_; }

 private:
  [[nodiscard]] Result<Seen> reach(const lab::Check& check, Clock::time_point until);
  [[nodiscard]] Result<Seen> echo(int netns, const IpAddress& address, Clock::time_point until);
  [[nodiscard]] Result<Seen> route(const lab::Check& check);
  /// Those that a node may be a next hop by, as @p asker, a node that is here, sees it.
  [[nodiscard]] Result<std::vector<IpAddress>> addresses_of(std::uint32_t node, std::uint32_t asker);
  [[nodiscard]] Result<Seen> command(const lab::Check& check, Clock::time_point until);

  const lab::Lab& lab_;
  keeper::Client& client_;
  int signals_;
  int ended_;
  bool cut_short_ = false;
};

/// Whether what a command wrote is as the check wants it.
[[nodiscard]] Seen judge(const lab::Check& check, int status, const std::string& output);

}  // namespace hopyard::app
