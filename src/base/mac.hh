#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hopyard {

/// An Ethernet address (IEEE 802, 48 bits).
struct Mac {
  std::array<std::uint8_t, 6> bytes{};

  /// "02:00:5e:00:53:01", either case; nothing when it is not six octets.
  [[nodiscard]] static std::optional<Mac> parse(std::string_view text);
  /// A locally administered unicast address that follows from the names alone, the same on every machine.
  [[nodiscard]] static Mac derived(std::string_view lab, std::string_view node, std::string_view interface);
  [[nodiscard]] bool multicast() const { return (bytes[0] & 1U) != 0; }
  [[nodiscard]] bool zero() const { return *this == Mac{}; }
  [[nodiscard]] std::string text() const;

  friend constexpr auto operator<=>(const Mac&, const Mac&) = default;
};

}  // namespace hopyard
