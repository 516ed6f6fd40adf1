#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"
#include "base/source.hh"
#include "lab/dhcp.hh"
#include "lab/dns.hh"
#include "lab/dynamic.hh"
#include "lab/radvd.hh"
#include "net/desired.hh"
#include "net/impairment.hh"
#include "net/route.hh"

/// What a person wrote, expanded and numbered: every node, interface, name, address and MAC is here and
/// nothing is left to guess. Indices, never pointers, from one part to another.
namespace hopyard::lab {

inline constexpr std::uint32_t none = net::none;

using Labels = std::vector<std::pair<std::string, std::string>>;

enum class Kind : std::uint8_t { Host, Router, Switch, Hub };
[[nodiscard]] std::string_view kind_name(Kind kind);
/// True for kinds that forward frames and have no addresses: their interfaces are ports.
[[nodiscard]] constexpr bool is_layer_two(Kind kind) {
  return kind == Kind::Switch || kind == Kind::Hub;
}

enum class Routing : std::uint8_t { None, Static };

/// A port of a node that leads to another one, for what comes in by an interface of Node::nat_out.
struct Forward {
  enum class Protocol : std::uint8_t { Tcp, Udp };
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;     ///< host order
  std::vector<IpAddress> to;  ///< at most one a family
  std::uint16_t to_port = 0;
};

/// An interface of a node. `lo` is not among them: see Node::loopback.
struct Interface {
  std::string name;  ///< at most 15 bytes (IFNAMSIZ, linux/if.h)
  Mac mac;
  std::uint32_t mtu = 0;  ///< 0: not given
  std::vector<InterfaceAddress> addresses;
  bool dhcp = false;          ///< asks a DHCP server for its addresses, IPv6 ones a router
  Span dhcp_at;               ///< where that was written
  bool automatic = false;     ///< makes itself IPv6 addresses from advertisements (SLAAC, RFC 4862)
  Span automatic_at;          ///< where that was written
  std::uint32_t link = none;  ///< index into Lab::links
  std::uint8_t end = 0;       ///< which end of that link this is: 0 or 1
  Labels labels;
  Span at;
};

struct Node {
  std::string name;
  Kind kind = Kind::Host;
  Routing routing = Routing::None;    ///< Static for routers unless the file says otherwise
  Dynamic dynamic;                    ///< what daemons do, with or without static routes
  std::vector<Interface> interfaces;  ///< in the order of the links
  std::vector<InterfaceAddress> loopback;
  std::vector<net::Route> routes;  ///< as given
  std::vector<net::Rule> rules;
  std::vector<net::Sysctl> sysctls;   ///< as given
  std::vector<std::string> firewall;  ///< nftables texts
  std::vector<std::string> nat_out;   ///< interfaces that masquerade what leaves by them
  std::vector<Forward> forwards;
  DhcpServer dhcp;
  DnsServer dns;
  Resolver resolver;
  Radvd radvd;
  net::Machine machine;
  Labels labels;
  Span at;
};

/// A named segment that any number of nodes attach to.
struct Network {
  std::string name;
  std::vector<Prefix> prefixes;  ///< at most one a family
  std::uint32_t mtu = 0;
  Labels labels;
  Span at;
};

struct End {
  enum class To : std::uint8_t { Node, Network };
  To to = To::Node;
  std::uint32_t index = none;      ///< into Lab::nodes or Lab::networks
  std::uint32_t interface = none;  ///< into Node::interfaces; none at a network
};

struct Link {
  End ends[2];
  std::uint32_t mtu = 0;
  std::uint32_t cost = 1;  ///< for shortest paths, of either direction
  net::Impairment out;     ///< on what goes from ends[0] to ends[1]
  net::Impairment back;    ///< on what goes from ends[1] to ends[0]
  Labels labels;
  Span at;
};

/// How nodes know whose address is whose on their wires.
enum class Neighbours : std::uint8_t {
  Learned,  ///< they ask (ARP, neighbour discovery)
  Static,   ///< they are told, and ask for what nobody told them
};

struct Lab {
  std::string name;
  std::string description;
  std::vector<Prefix> pool;  ///< where addresses come from that nobody gave; at most one a family
  Neighbours neighbours = Neighbours::Learned;
  bool merges_memory = false;  ///< what the nodes' processes have alike is kept once
  std::vector<Network> networks;
  std::vector<Node> nodes;
  std::vector<Link> links;
  Labels labels;
  Span at;
};

/// The domain of plain names at a node's DNS server: its own, else at dnsmasq the one that clients are told.
[[nodiscard]] std::string_view domain_of(const Node& node);

/// "r1:eth0 -- r2:eth0", "pc3:eth0 -- lan": what people call the link by.
[[nodiscard]] std::string link_name(const Lab& lab, const Link& link);

}  // namespace hopyard::lab
