#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hopyard {

enum class Family : std::uint8_t { V4, V6 };

/// Bits in an address of the family: 32 or 128.
[[nodiscard]] constexpr std::uint8_t bits(Family family) {
  return family == Family::V4 ? 32 : 128;
}

/// An IPv4 or IPv6 address. Sorts by family, then numerically.
class IpAddress {
 public:
  constexpr IpAddress() = default;
  [[nodiscard]] static constexpr IpAddress v4(std::uint32_t value);
  /// The 4 or 16 bytes at @p bytes, in network order.
  [[nodiscard]] static IpAddress from_bytes(Family family, const void* bytes);
  /// Dotted quad or RFC 4291 text; nothing when @p text is neither.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] constexpr Family family() const { return family_; }
  /// Network order; the first size() bytes count.
  [[nodiscard]] constexpr const std::uint8_t* data() const { return bytes_.data(); }
  [[nodiscard]] constexpr std::size_t size() const { return family_ == Family::V4 ? 4 : 16; }
  /// Bit @p index, counted from the most significant one.
  [[nodiscard]] constexpr bool bit(unsigned index) const {
    return ((bytes_[index / 8] >> (7 - index % 8)) & 1U) != 0;
  }
  constexpr void set_bit(unsigned index, bool value);
  /// The address @p offset further on, wrapping around within the family.
  [[nodiscard]] IpAddress plus(std::uint64_t offset) const;
  /// The address with all but its first @p length bits zero.
  [[nodiscard]] IpAddress masked(std::uint8_t length) const;
  /// RFC 5952 text.
  [[nodiscard]] std::string text() const;

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  Family family_ = Family::V4;
  std::array<std::uint8_t, 16> bytes_{};
};

/// A set of addresses that share their first length bits. The address has no other bit set.
struct Prefix {
  IpAddress address;
  std::uint8_t length = 0;

  /// "10.0.0.0/8"; nothing when it is not a prefix or has host bits set.
  [[nodiscard]] static std::optional<Prefix> parse(std::string_view text);
  /// The prefix of @p length bits that holds @p address.
  [[nodiscard]] static Prefix of(const IpAddress& address, std::uint8_t length);
  [[nodiscard]] Family family() const { return address.family(); }
  [[nodiscard]] bool contains(const IpAddress& other) const;
  [[nodiscard]] bool contains(const Prefix& other) const;
  [[nodiscard]] bool overlaps(const Prefix& other) const;
  /// The highest address of the prefix: the broadcast address of an IPv4 subnet of up to 30 bits.
  [[nodiscard]] IpAddress last() const;
  [[nodiscard]] bool is_host() const { return length == bits(family()); }
  [[nodiscard]] std::string text() const;

  friend constexpr auto operator<=>(const Prefix&, const Prefix&) = default;
};

/// An address as an interface carries it: with the length of the prefix that is on the link.
struct InterfaceAddress {
  IpAddress address;
  std::uint8_t length = 0;

  /// "10.0.0.1/24"; nothing when there is no length or it is too long.
  [[nodiscard]] static std::optional<InterfaceAddress> parse(std::string_view text);
  [[nodiscard]] Prefix prefix() const { return Prefix::of(address, length); }
  [[nodiscard]] std::string text() const;

  friend constexpr auto operator<=>(const InterfaceAddress&, const InterfaceAddress&) = default;
};

constexpr IpAddress IpAddress::v4(std::uint32_t value) {
  IpAddress address;
  for (unsigned i = 0; i < 4; ++i) address.bytes_[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  return address;
}

constexpr void IpAddress::set_bit(unsigned index, bool value) {
  const auto mask = static_cast<std::uint8_t>(0x80U >> (index % 8));
  bytes_[index / 8] = static_cast<std::uint8_t>(value ? bytes_[index / 8] | mask : bytes_[index / 8] & ~mask);
}

}  // namespace hopyard
