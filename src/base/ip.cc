#include "base/ip.hh"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>
#include <cstring>

namespace hopyard {
namespace {

/// The number after the slash of "ADDRESS/LENGTH", and the address before it.
std::optional<InterfaceAddress> split(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = IpAddress::parse(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (!address || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (length > bits(address->family())) return std::nullopt;
  return InterfaceAddress{*address, static_cast<std::uint8_t>(length)};
}

}  // namespace

IpAddress IpAddress::from_bytes(Family family, const void* bytes) {
  IpAddress address;
  address.family_ = family;
  std::memcpy(address.bytes_.data(), bytes, address.size());
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  char terminated[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof terminated || text.find('\0') != text.npos) return std::nullopt;
  text.copy(terminated, text.size());
  terminated[text.size()] = '\0';
  std::uint8_t bytes[16];
  if (inet_pton(AF_INET, terminated, bytes) == 1) return from_bytes(Family::V4, bytes);
  if (inet_pton(AF_INET6, terminated, bytes) == 1) return from_bytes(Family::V6, bytes);
  return std::nullopt;
}

IpAddress IpAddress::plus(std::uint64_t offset) const {
  IpAddress sum = *this;
  for (std::size_t i = size(); i-- > 0 && offset != 0;) {
    offset += sum.bytes_[i];
    sum.bytes_[i] = static_cast<std::uint8_t>(offset);
    offset >>= 8;
  }
  return sum;
}

IpAddress IpAddress::masked(std::uint8_t length) const {
  IpAddress kept = *this;
  for (unsigned i = 0; i < size(); ++i) {
    const int whole = length - static_cast<int>(8 * i);
    if (whole <= 0)
      kept.bytes_[i] = 0;
    else if (whole < 8)
      kept.bytes_[i] = static_cast<std::uint8_t>(kept.bytes_[i] & (0xFFU << (8 - whole)));
  }
  return kept;
}

std::string IpAddress::text() const {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(family_ == Family::V4 ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
  return text;
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
  const auto parts = split(text);
  if (!parts || parts->address != parts->address.masked(parts->length)) return std::nullopt;
  return Prefix{parts->address, parts->length};
}

Prefix Prefix::of(const IpAddress& address, std::uint8_t length) {
  return {address.masked(length), length};
}

bool Prefix::contains(const IpAddress& other) const {
  return other.family() == family() && other.masked(length) == address;
}

bool Prefix::contains(const Prefix& other) const {
  return other.length >= length && contains(other.address);
}

bool Prefix::overlaps(const Prefix& other) const {
  return contains(other) || other.contains(*this);
}

IpAddress Prefix::last() const {
  IpAddress top = address;
  for (unsigned i = length; i < bits(family()); ++i) top.set_bit(i, true);
  return top;
}

std::string Prefix::text() const {
  return fmt::format("{}/{}", address.text(), length);
}

std::optional<InterfaceAddress> InterfaceAddress::parse(std::string_view text) {
  return split(text);
}

std::string InterfaceAddress::text() const {
  return fmt::format("{}/{}", address.text(), length);
}

}  // namespace hopyard
