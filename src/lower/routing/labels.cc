#include "lower/routing/labels.hh"

#include <algorithm>
#include <iterator>

namespace hopyard::lower::routing {

std::size_t Labels::HashOfHops::operator()(const std::vector<Hop>& hops) const {
  std::uint64_t value = hops.size();
  for (const Hop& hop : hops)
    value = (value ^ (std::uint64_t{hop.own} << 32U | hop.next)) * 0x9E3779B97F4A7C15ULL;
  return value ^ (value >> 32U);
}

void Labels::clear() {
  actions_.assign(1, Action{});
  by_hops_.clear();
  unions_.clear();
}

Label Labels::forward(std::vector<Hop> hops) {
  std::sort(hops.begin(), hops.end());
  hops.erase(std::unique(hops.begin(), hops.end()), hops.end());
  const auto [place, is_new] = by_hops_.try_emplace(std::move(hops), static_cast<Label>(actions_.size()));
  if (is_new) actions_.push_back({Action::Kind::Forward, place->first, UINT32_MAX});
  return place->second;
}

Label Labels::united(Label left, Label right) {
  if (left == right || right == no_label) return left;
  if (left == no_label) return right;
  if (left > right) std::swap(left, right);
  const std::uint64_t pair = std::uint64_t{left} << 32U | right;
  if (const auto found = unions_.find(pair); found != unions_.end()) return found->second;
  std::vector<Hop> hops = actions_[left].hops;
  hops.insert(hops.end(), actions_[right].hops.begin(), actions_[right].hops.end());
  return unions_[pair] = forward(std::move(hops));
}

Label Labels::add(Action action) {
  actions_.push_back(std::move(action));
  return static_cast<Label>(actions_.size() - 1);
}

}  // namespace hopyard::lower::routing
