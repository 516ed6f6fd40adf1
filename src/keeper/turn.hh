#pragma once

#include <chrono>

namespace hopyard::keeper {

/// How long the keeper may be about one client's request before it turns to the others.
class Turn {
 public:
  [[nodiscard]] bool over() const { return std::chrono::steady_clock::now() - began_ >= length; }

 private:
  static constexpr std::chrono::milliseconds length{20};
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace hopyard::keeper
