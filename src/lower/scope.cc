#include "lower/scope.hh"

namespace hopyard::lower {

bool means_one_node(const IpAddress& address) {
  const std::uint8_t* bytes = address.data();
  if (address.family() == Family::V4) return bytes[0] != 127;
  const bool link_local = bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80;
  return !link_local && address != IpAddress::from_bytes(Family::V6, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1");
}

}  // namespace hopyard::lower
