#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

/// The longest time between advertisements, in seconds: as given, else radvd's own with @p realistic times
/// (DFLT_MaxRtrAdvInterval of its defaults.h), else that of a laboratory, where a router that is gone is
/// forgotten after half a minute.
[[nodiscard]] constexpr std::uint32_t longest_interval(const Radvd& radvd, bool realistic) {
  constexpr std::uint32_t slow = 600;
  constexpr std::uint32_t fast = 10;
  if (radvd.max_interval != 0) return radvd.max_interval;
  return realistic ? slow : fast;
}

/// Whether radvd 2.19 takes a word of its configuration for the name of an interface: neither for a number,
/// a comment or a word of its own, nor for several (radvd, scanner.l).
[[nodiscard]] bool radvd_reads_name(std::string_view name);
/// The same for a domain to look for names in (radvd, gram.y).
[[nodiscard]] bool radvd_reads_domain(std::string_view domain);

}  // namespace hopyard::lab
