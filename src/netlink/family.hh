#pragma once

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>

#include "base/ip.hh"
#include "netlink/address.hh"

namespace hopyard::netlink {

[[nodiscard]] constexpr std::uint8_t kernel_family(Family family) {
  return family == Family::V4 ? AF_INET : AF_INET6;
}

[[nodiscard]] constexpr std::optional<Family> known_family(std::uint8_t family) {
  if (family == AF_INET) return Family::V4;
  if (family == AF_INET6) return Family::V6;
  return std::nullopt;
}

[[nodiscard]] constexpr std::uint16_t create_flags(Existing existing) {
  return existing == Existing::Refuse ? NLM_F_CREATE | NLM_F_EXCL : NLM_F_CREATE | NLM_F_REPLACE;
}

}  // namespace hopyard::netlink
