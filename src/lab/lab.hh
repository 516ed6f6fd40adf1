#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
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
#include "lab/machines.hh"
#include "lab/radvd.hh"
#include "lab/switch.hh"
#include "lab/vm.hh"
#include "net/desired.hh"
#include "net/impairment.hh"
#include "net/route.hh"

/// What a person wrote, expanded and numbered: every node, interface, name, address and MAC is here and
/// nothing is left to guess. Indices, never pointers, from one part to another.
namespace hopyard::lab {

inline constexpr std::uint32_t none = net::none;

using Labels = std::vector<std::pair<std::string, std::string>>;

enum class Kind : std::uint8_t {
  Host,
  Router,
  Switch,
  Hub,
  Container,  ///< a container that runs already
  External,   ///< an interface of the host, and what is behind it
  Vm,
};
[[nodiscard]] std::string_view kind_name(Kind kind);
/// True for kinds that forward frames and have no addresses: their interfaces are ports.
[[nodiscard]] constexpr bool is_layer_two(Kind kind) {
  return kind == Kind::Switch || kind == Kind::Hub || kind == Kind::External;
}

enum class Routing : std::uint8_t { None, Static };

/// How the lab comes to the network behind an interface of the host.
struct External {
  enum class By : std::uint8_t {
    Macvlan,  ///< each link is a device of its own on the interface; the host keeps its connection
    Bridge,  ///< the interface and the links are ports of a bridge, which takes over its addresses and routes
    Nat,     ///< each link ends at the host, which masquerades what goes on from there
    Move,    ///< the interface itself is the other end of its one link
  };
  std::string interface;  ///< the host's name for it; Nat: may be empty, for whichever the route leads by
  By by = By::Macvlan;
  net::Takeover takeover;  ///< Bridge; of Move, the time to confirm
};

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
  std::uint32_t link = none;  ///< index into Lab::links; none for one of the node's own
  std::uint8_t end = 0;       ///< which end of that link this is: 0 or 1
  /// What it is, when it is no end of a plain wire; without Hopyard's own indices of devices.
  std::shared_ptr<net::LinkSettings> settings;
  std::uint32_t lower = none;   ///< interface of the node that it stands on
  std::uint32_t master = none;  ///< interface of the node (a bond, team or VRF) that it is a port of
  net::Impairment egress;       ///< of one of the node's own; that of others is their link's
  Vlans vlans;                  ///< of a switch's port
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
  Switch forwarding;  ///< of a switch
  Vm vm;
  net::Machine machine;
  std::string container;  ///< a Container's, as observe::find_container() takes it
  External external;
  std::uint32_t on_machine =
      none;  ///< index into Lab::machines; none in a lab on one, and for what uplinks lead to
  Labels labels;
  Span at;
};

/// True for nodes whose links are one broadcast domain.
[[nodiscard]] bool joins_links(const Node& node);
/// True for a node that forwards packets for others: a router, and a container that is to route.
[[nodiscard]] bool is_router(const Node& node);
/// True for one that does not, and so needs a way out.
[[nodiscard]] bool is_host(const Node& node);

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
  std::optional<net::LinkType> type;  ///< what it is made of; nothing for a plain wire
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

/// True for a switch that Open vSwitch makes.
[[nodiscard]] bool is_ovs(const Node& node);
/// What the bridge of a switch or hub is called: br0, unless the person has called a port so.
[[nodiscard]] std::string bridge_name(const Node& node);
/// True for a switch whose ports are in VLANs.
[[nodiscard]] bool filters_vlans(const Node& node);

struct Lab {
  std::string name;
  std::string description;
  std::vector<Prefix> pool;  ///< where addresses come from that nobody gave; at most one a family
  Neighbours neighbours = Neighbours::Learned;
  bool merges_memory = false;     ///< what the nodes' processes have alike is kept once
  std::vector<Machine> machines;  ///< that it is spread over; empty for a lab on one
  Between between;
  std::vector<Network> networks;
  std::vector<Node> nodes;
  std::vector<Link> links;
  Labels labels;
  Span at;
};

/// The domain of plain names at a node's DNS server: its own, else at dnsmasq the one that clients are told.
[[nodiscard]] std::string_view domain_of(const Node& node);

/// True for an interface that is nothing but a port of another one: it has no addresses.
[[nodiscard]] bool is_port(const Node& node, const Interface& interface);
/// The VRF that an interface of @p node is in, or what it is a port of; none for none.
[[nodiscard]] std::uint32_t vrf_of(const Node& node, const Interface& interface);
/// True for an interface that shares its broadcast domain with the one it stands on, or that is a VLAN there.
[[nodiscard]] bool shares_wire(const Interface& interface);
/// True for an interface that takes the MAC of the one it stands on: a VLAN, as Linux has it by itself, and
/// an ipvlan, which cannot have another.
[[nodiscard]] bool has_lowers_mac(const Interface& interface);
/// True for an interface that is one of the host's while the lab runs, and so has a MAC of its own.
[[nodiscard]] bool is_moved(const Lab& lab, const Interface& interface);
/// The cost of leaving a node by an interface: that of the link below it; 1 where there is none.
[[nodiscard]] std::uint32_t cost_of(const Lab& lab, const Node& node, const Interface& interface);

/// "r1:eth0 -- r2:eth0", "pc3:eth0 -- lan": what people call the link by.
[[nodiscard]] std::string link_name(const Lab& lab, const Link& link);

}  // namespace hopyard::lab
