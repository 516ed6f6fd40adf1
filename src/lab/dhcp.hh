#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"
#include "base/source.hh"

namespace hopyard::lab {

/// What a DHCP server hands out on one interface, in one subnet.
struct DhcpSubnet {
  std::uint32_t interface = 0;  ///< into Node::interfaces
  InterfaceAddress own;         ///< the server's address there
  IpAddress first;              ///< of the addresses handed out; both are within the subnet
  IpAddress last;
};

/// Something that clients are told, beside their address.
struct DhcpOption {
  enum class Name : std::uint8_t { Router, Dns, Domain, Ntp, Mtu, Number };
  Name name = Name::Number;
  std::uint8_t number = 0;          ///< RFC 2132; of Name::Number alone
  std::vector<std::string> values;  ///< none: clients are not told
  Span at;
};

/// A client that always gets the same addresses.
struct DhcpHost {
  Mac mac;
  std::string name;  ///< the node's; empty for a MAC that is none of the lab's
  std::vector<IpAddress> addresses;
};

/// A node that hands out addresses; it does so if it has subnets.
struct DhcpServer {
  std::vector<DhcpSubnet> subnets;  ///< in the order of the interfaces
  std::vector<DhcpOption> options;
  std::vector<DhcpHost> hosts;
  Span at;

  [[nodiscard]] bool runs() const { return !subnets.empty(); }
};

}  // namespace hopyard::lab
