#include "view/progress.hh"

#include <fmt/format.h>

#include <algorithm>

#include "view/width.hh"

namespace hopyard::view {

std::string progress_line(std::string_view lab, Done done, Done of, unsigned columns) {
  const std::size_t total = std::max<std::size_t>(1, of.nodes + of.links);
  const std::size_t reached = std::min(total, done.nodes + done.links);
  const auto words = [of](Done now) {
    return fmt::format("{}/{} nodes, {}/{} links", now.nodes, of.nodes, now.links, of.links);
  };
  const std::string counts = words(done);
  const std::string name = cut_to(lab, 20);
  const std::size_t rest =
      display_width(name) + words(of).size() + 4;  // of the end: the bar keeps its length
  if (rest + 8 > columns) return cut_to(counts, columns);
  const std::size_t bar = std::min<std::size_t>(40, columns - rest);
  const std::size_t full = bar * reached / total;
  return fmt::format("{} [{:#<{}}{:-<{}}] {}", name, "", full, "", bar - full, counts);
}

void ProgressBar::show(Done done, std::chrono::steady_clock::time_point now) {
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(50);
  // One column stays free: a full line would wrap on terminals that wrap early.
  write_("\r\033[K" + progress_line(lab_, done, of_, columns_ > 1 ? columns_ - 1 : 79));
  drawn_ = true;
}

void ProgressBar::clear() {
  if (drawn_) write_("\r\033[K");
  drawn_ = false;
}

}  // namespace hopyard::view
