#include "language/pool.hh"

#include <algorithm>
#include <tuple>

namespace hopyard::language {

Number to_number(const IpAddress& address) {
  Number number = 0;
  for (std::size_t i = 0; i < address.size(); ++i) number = number << 8 | address.data()[i];
  return number;
}

IpAddress to_address(Family family, Number number) {
  std::uint8_t bytes[16];
  const std::size_t size = family == Family::V4 ? 4 : 16;
  for (std::size_t i = size; i-- > 0; number >>= 8) bytes[i] = static_cast<std::uint8_t>(number);
  return IpAddress::from_bytes(family, bytes);
}

Pool::Pool(const Prefix& whole, const std::vector<Prefix>& taken)
    : whole_(whole), next_(to_number(whole.address)) {
  for (const Prefix& one : taken)
    if (one.family() == whole.family()) taken_.push_back({to_number(one.address), to_number(one.last())});
  std::sort(taken_.begin(), taken_.end(),
            [](const Interval& left, const Interval& right) { return left.first < right.first; });
}

std::optional<Prefix> Pool::take(std::uint8_t length) {
  if (empty_ || length < whole_.length) return std::nullopt;
  const Number end = to_number(whole_.last());
  const Number size = Number(1) << (bits(whole_.family()) - length);
  for (;;) {
    const Number first = (next_ + size - 1) / size * size;
    const Number last = first + size - 1;
    if (first < next_ || last < first || last > end) return std::nullopt;
    Number after = 0;
    bool free = true;
    for (std::size_t i = next_taken_; i < taken_.size() && taken_[i].first <= last; ++i) {
      if (taken_[i].last >= first) {
        after = std::max(after, taken_[i].last);
        free = false;
      }
      if (taken_[i].last < next_ && i == next_taken_) ++next_taken_;
    }
    const Number used_up_to = free ? last : after;
    if (used_up_to >= end)
      empty_ = true;
    else
      next_ = used_up_to + 1;
    if (free) return Prefix{to_address(whole_.family(), first), length};
    if (empty_) return std::nullopt;
  }
}

std::pair<Number, Number> host_range(const Prefix& prefix) {
  Number first = to_number(prefix.address);
  Number last = to_number(prefix.last());
  const auto spare = static_cast<unsigned>(bits(prefix.family()) - prefix.length);
  if (spare >= 2) ++first;
  if (spare >= 2 && prefix.family() == Family::V4) --last;
  return {first, last};
}

HostAddresses::HostAddresses(const Prefix& prefix, const std::vector<IpAddress>& used,
                             const std::vector<std::pair<Number, Number>>& reserved)
    : prefix_(prefix), used_(reserved), empty_(false) {
  for (const IpAddress& one : used)
    if (one.family() == prefix.family()) used_.emplace_back(to_number(one), to_number(one));
  std::sort(used_.begin(), used_.end());
  std::tie(next_, last_) = host_range(prefix);
}

std::optional<IpAddress> HostAddresses::take() {
  while (!empty_) {
    while (next_used_ < used_.size() && used_[next_used_].second < next_) ++next_used_;
    const bool free = next_used_ == used_.size() || next_ < used_[next_used_].first;
    const Number taken = free ? next_ : used_[next_used_].second;
    if (taken >= last_)
      empty_ = true;
    else
      next_ = taken + 1;
    if (free) return to_address(prefix_.family(), taken);
  }
  return std::nullopt;
}

}  // namespace hopyard::language
