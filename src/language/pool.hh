#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/ip.hh"

namespace hopyard::language {

/// An address of either family as a number, so that it can be counted with.
using Number = unsigned __int128;
[[nodiscard]] Number to_number(const IpAddress& address);
[[nodiscard]] IpAddress to_address(Family family, Number number);

/// Cuts subnets out of a prefix, from its beginning on, around what is taken.
class Pool {
 public:
  /// @p taken prefixes, in any order; those of the other family do not count.
  Pool(const Prefix& whole, const std::vector<Prefix>& taken);
  /// The next free prefix of @p length bits; nothing when there is none.
  [[nodiscard]] std::optional<Prefix> take(std::uint8_t length);
  [[nodiscard]] const Prefix& whole() const { return whole_; }

 private:
  struct Interval {
    Number first;
    Number last;
  };
  Prefix whole_;
  std::vector<Interval> taken_;  ///< sorted
  std::size_t next_taken_ = 0;   ///< the first that does not end before next_
  Number next_;
  bool empty_ = false;
};

/// Hands out the addresses of hosts in a prefix, from its beginning on, around those in use.
class HostAddresses {
 public:
  HostAddresses() = default;
  /// @p used and @p reserved, first and last address of runs that nobody is given, in any order.
  HostAddresses(const Prefix& prefix, const std::vector<IpAddress>& used,
                const std::vector<std::pair<Number, Number>>& reserved = {});
  [[nodiscard]] std::optional<IpAddress> take();

 private:
  Prefix prefix_;
  std::vector<std::pair<Number, Number>> used_;
  std::size_t next_used_ = 0;
  Number next_ = 0;
  Number last_ = 0;
  bool empty_ = true;
};

/// The first and last address that a host may have in @p prefix: without the network's own and the broadcast
/// address of an IPv4 prefix of up to 30 bits, and without the all-zeros (anycast) address of an IPv6 prefix
/// of up to 126 bits.
[[nodiscard]] std::pair<Number, Number> host_range(const Prefix& prefix);

}  // namespace hopyard::language
