#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.hh"
#include "base/source.hh"
#include "lab/dynamic.hh"

namespace hopyard::lab {

/// A node that advertises itself and its IPv6 prefixes (RFC 4861) by radvd.
struct Radvd {
  struct Interface {
    std::uint32_t interface = 0;   ///< into Node::interfaces
    std::vector<Prefix> prefixes;  ///< those of its own addresses
  };
  bool runs = false;
  std::vector<Interface> interfaces;  ///< where it advertises
  std::uint32_t min_interval = 0;     ///< seconds; 0: not given, and so on
  std::uint32_t max_interval = 0;
  std::optional<std::uint32_t> lifetime;  ///< seconds for which hosts take it for their default gateway
  bool managed = false;                   ///< hosts shall ask for addresses by DHCPv6
  bool other = false;                     ///< hosts shall ask for the rest by DHCPv6
  std::uint32_t mtu = 0;
  std::optional<std::vector<IpAddress>> rdnss;  ///< name servers (RFC 8106)
  std::optional<std::vector<std::string>> dnssl;
  std::optional<DaemonConfig> config;  ///< what the person wrote instead
  Span at;
};

}  // namespace hopyard::lab
