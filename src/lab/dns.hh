#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.hh"
#include "base/source.hh"

namespace hopyard::lab {

/// A name that a DNS server knows beside those of the lab's nodes: with addresses, or as another name for
/// one.
struct DnsRecord {
  std::string name;
  std::vector<IpAddress> addresses;
  std::string alias_of;  ///< the name that it stands for (CNAME, RFC 1034); empty if it has addresses
  Span at;
};

/// A node that answers questions for names.
struct DnsServer {
  enum class Daemon : std::uint8_t { Dnsmasq, Named };
  bool runs = false;
  Daemon daemon = Daemon::Dnsmasq;
  bool everywhere = true;                 ///< on all addresses that the node has
  std::vector<std::uint32_t> interfaces;  ///< into Node::interfaces; where it is asked, unless everywhere
  std::vector<DnsRecord> records;
  std::vector<IpAddress>
      forward;         ///< servers for questions that it cannot answer; none: there is no such name
  std::string domain;  ///< plain names are known below it as well; may be empty
  Span at;

  [[nodiscard]] bool runs_by(Daemon one) const { return runs && daemon == one; }
  /// Whether it is asked on an interface of its node.
  [[nodiscard]] bool serves(std::uint32_t interface) const {
    return runs && (everywhere || std::ranges::find(interfaces, interface) != interfaces.end());
  }
};

/// A name as DNS compares it: in small letters, and if it is a plain one, below @p domain (unless that is
/// empty).
[[nodiscard]] std::string canonical_name(std::string_view name, std::string_view domain);

/// As many servers as a program asks (MAXNS of resolv.h).
inline constexpr std::size_t most_name_servers = 3;

/// Whom a node asks for names.
struct Resolver {
  bool given = false;                ///< the file says it; else those of its networks, or these
  std::vector<IpAddress> servers;    ///< at most most_name_servers
  std::vector<std::string> domains;  ///< in which plain names are looked for
};

}  // namespace hopyard::lab
