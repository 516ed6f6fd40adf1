#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace hopyard::lower::routing {

using Distance = std::uint64_t;

/// The vertices that a search of shortest paths has seen and not yet been to, nearest first; of two that are
/// equally near, a subnet before a node, since arriving at a node from a subnet costs nothing. With one cost
/// on all edges they come in that order by themselves, and a plain queue will do.
class Queue {
 public:
  explicit Queue(bool one_cost) : one_cost_(one_cost) {}

  void push(std::uint32_t vertex, Distance distance, bool is_subnet) {
    waiting_.push_back({distance << 1U | (is_subnet ? 0U : 1U), vertex});
    if (!one_cost_) std::push_heap(waiting_.begin(), waiting_.end(), std::greater<>());
  }

  /// @return false when none is left, and the queue is as new.
  [[nodiscard]] bool pop(std::uint32_t& vertex, Distance& distance) {
    if (next_ == waiting_.size()) {
      waiting_.clear();
      next_ = 0;
      return false;
    }
    if (!one_cost_) std::pop_heap(waiting_.begin(), waiting_.end(), std::greater<>());
    const auto [key, found] = one_cost_ ? waiting_[next_++] : waiting_.back();
    if (!one_cost_) waiting_.pop_back();
    vertex = found;
    distance = key >> 1U;
    return true;
  }

 private:
  bool one_cost_;
  std::vector<std::pair<Distance, std::uint32_t>> waiting_;
  std::size_t next_ = 0;
};

}  // namespace hopyard::lower::routing
