#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace hopyard::view {

/// How far a lab has come.
struct Done {
  std::size_t nodes = 0;
  std::size_t links = 0;
};

/// One line of a progress bar, at most @p columns wide: "office [########--------] 12/24 nodes, 3/23 links".
[[nodiscard]] std::string progress_line(std::string_view lab, Done done, Done of, unsigned columns);

/// Draws the bar over itself on a terminal, at most every 50 ms, and takes it away at the end. Does not write
/// by itself: what is to be written goes to @p write.
class ProgressBar {
 public:
  using Write = std::function<void(std::string_view)>;
  ProgressBar(std::string lab, Done of, unsigned columns, Write write)
      : lab_(std::move(lab)), of_(of), columns_(columns), write_(std::move(write)) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() { clear(); }
  void show(Done done, std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());
  /// Leaves the line empty and the cursor at its start.
  void clear();

 private:
  std::string lab_;
  Done of_;
  unsigned columns_;
  Write write_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace hopyard::view
