#include "base/mac.hh"

#include <fmt/format.h>

#include <charconv>

#include "base/hash.hh"

namespace hopyard {

std::optional<Mac> Mac::parse(std::string_view text) {
  if (text.size() != 17) return std::nullopt;
  Mac mac;
  for (std::size_t i = 0; i < 6; ++i) {
    const char* octet = text.data() + 3 * i;
    const auto [end, error] = std::from_chars(octet, octet + 2, mac.bytes[i], 16);
    if (error != std::errc{} || end != octet + 2) return std::nullopt;
    if (i < 5 && octet[2] != ':') return std::nullopt;
  }
  return mac;
}

Mac Mac::derived(std::string_view lab, std::string_view node, std::string_view interface) {
  Hash hash;
  hash.add(lab);
  hash.add(node);
  hash.add(interface);
  const std::uint64_t value = hash.value();
  Mac mac;
  for (unsigned i = 0; i < 6; ++i) mac.bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  mac.bytes[0] = static_cast<std::uint8_t>((mac.bytes[0] & 0xFCU) | 0x02U);
  return mac;
}

std::string Mac::text() const {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", bytes[0], bytes[1], bytes[2], bytes[3],
                     bytes[4], bytes[5]);
}

}  // namespace hopyard
