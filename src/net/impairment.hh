#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace hopyard::net {

/// What one direction of a wire does to the frames that go into it; the words and units of tc-netem(8).
/// Shares are from 0 to 1.
struct Impairment {
  std::chrono::nanoseconds delay{0};
  std::chrono::nanoseconds jitter{0};
  double loss = 0;
  double corrupt = 0;
  double duplicate = 0;
  double reorder = 0;
  std::uint64_t rate = 0;   ///< bits per second, 0 for no limit
  std::uint32_t limit = 0;  ///< packets that may wait; 0 for the kernel's default
  std::optional<std::uint64_t>
      seed;  ///< of the random numbers: the same seed loses the same packets (Linux 6.6)

  [[nodiscard]] bool none() const { return *this == Impairment{}; }
  /// True when a rate (and the queue before it) is all there is: the token bucket filter will do, and every
  /// kernel has it.
  [[nodiscard]] bool only_rate() const {
    Impairment rest = *this;
    rest.rate = 0;
    rest.limit = 0;
    return rate != 0 && rest.none();
  }
  friend bool operator==(const Impairment&, const Impairment&) = default;
};

}  // namespace hopyard::net
