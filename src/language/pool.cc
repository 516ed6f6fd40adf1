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

HostAddresses::HostAddresses(const Prefix& prefix, std::vector<IpAddress> used)
    : prefix_(prefix), used_(std::move(used)), empty_(false) {
  std::sort(used_.begin(), used_.end());
  std::tie(next_, last_) = host_range(prefix);
}

std::optional<IpAddress> HostAddresses::take() {
  while (!empty_) {
    const IpAddress address = to_address(prefix_.family(), next_);
    if (next_ == last_)
      empty_ = true;
    else
      ++next_;
    while (next_used_ < used_.size() && used_[next_used_] < address) ++next_used_;
    if (next_used_ == used_.size() || used_[next_used_] != address) return address;
  }
  return std::nullopt;
}

}  // namespace hopyard::language
