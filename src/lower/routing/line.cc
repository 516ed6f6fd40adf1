#include "lower/routing/line.hh"

#include <algorithm>

namespace hopyard::lower::routing {

void Line::from(std::uint32_t first, Label label) {
  if (stretches_.empty())
    first = 0;
  else if (stretches_.back().first == first)
    stretches_.pop_back();
  if (stretches_.empty() || stretches_.back().label != label) stretches_.push_back({first, label});
}

std::size_t Line::find(std::uint32_t number) const {
  const auto after =
      std::upper_bound(stretches_.begin(), stretches_.end(), number,
                       [](std::uint32_t value, const Stretch& stretch) { return value < stretch.first; });
  return static_cast<std::size_t>(after - stretches_.begin()) - 1;
}

Label Line::at(std::uint32_t number) const {
  return stretches_[find(number)].label;
}

std::optional<Label> Line::all(std::uint32_t low, std::uint32_t high) const {
  const std::size_t index = find(low);
  if (index + 1 < stretches_.size() && stretches_[index + 1].first <= high) return std::nullopt;
  return stretches_[index].label;
}

}  // namespace hopyard::lower::routing
