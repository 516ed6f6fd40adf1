#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace hopyard::observe {

/// Whether nothing has changed for a while. Looks at no clock: it is told the time.
class Settling {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// @param quiet for how long nothing may change; 0 when change does not matter. @param since when looking
  /// began.
  Settling(std::chrono::nanoseconds quiet, Time since) : quiet_(quiet), since_(since) {}

  /// Something changed at @p when; told out of order, the latest counts.
  void changed(Time when) {
    ++changes_;
    if (!last_ || *last_ < when) last_ = when;
  }
  /// When it will have been quiet for long enough, if nothing changes any more.
  [[nodiscard]] Time due() const { return last_.value_or(since_) + quiet_; }
  [[nodiscard]] bool settled(Time now) const { return quiet_.count() == 0 || now >= due(); }
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  /// The time of the latest change.
  [[nodiscard]] std::optional<Time> last() const { return last_; }

 private:
  std::chrono::nanoseconds quiet_;
  Time since_;
  std::optional<Time> last_;
  std::uint64_t changes_ = 0;
};

}  // namespace hopyard::observe
