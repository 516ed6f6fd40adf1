#pragma once

#include <cstdint>
#include <string_view>

#include "language/keys.hh"
#include "net/link.hh"

namespace hopyard::language {

/// The key's bit in a set of them.
[[nodiscard]] constexpr std::uint32_t bit(TypeKey key) {
  return 1U << static_cast<unsigned>(key);
}

/// What the language has for one type: the keys of its interfaces, those of them that must be there, and the
/// keys of its links; whether it is an interface, and a link, at all.
struct TypeWords {
  std::uint32_t keys = 0;
  std::uint32_t needed = 0;
  std::uint32_t link_keys = 0;
  bool interface = true;
  bool link = false;
  std::string_view example;  ///< of an interface; of a link where it is none
};
[[nodiscard]] const TypeWords& type_words(net::LinkType type);

/// True for tunnels whose outer packets are IPv6 only, and for those that go over either family.
[[nodiscard]] bool outer_v6_only(net::LinkType type);
[[nodiscard]] bool outer_any(net::LinkType type);

/// Bytes that a tunnel of this type takes of each packet (RFC 7348, 8926, 2784, 2890, 2003, 4213, 2473;
/// WireGuard's white paper; IEEE 802.1AE); 0 for what is no tunnel.
[[nodiscard]] std::uint32_t overhead(const net::LinkSettings& link, bool outer_v6);

}  // namespace hopyard::language
