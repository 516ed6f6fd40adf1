#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lab/lab.hh"
#include "language/names.hh"

/// What is known of a lab between its text and the finished model: names that are still to be looked up, each
/// with its place.
namespace hopyard::language {

struct ImpairmentDraft {
  net::Impairment value;
  std::uint16_t given = 0;  ///< a bit for each ImpairmentKey
  bool bad_delay = false;   ///< a delay was written that is none: what needs one is not wrong as well
  Span jitter_at;
  Span reorder_at;

  [[nodiscard]] bool has(ImpairmentKey key) const { return (given >> static_cast<unsigned>(key) & 1U) != 0; }
  /// Takes what @p nearer gives, key by key.
  void take(const ImpairmentDraft& nearer);
};

struct HopDraft {
  std::optional<Text> via;
  std::optional<Text> dev;
  std::uint16_t weight = 1;
  Span at;
};

struct RouteDraft {
  Text to;
  std::vector<HopDraft> hops;
  net::Route route;  ///< type, metric and table
  std::optional<Text> source;
  Span at;
};

struct RuleDraft {
  net::Rule rule;
  bool any_family = false;  ///< no prefix says which family it is about
  std::optional<Text> iif;
  std::optional<Text> oif;
  Span at;
};

/// What the file says about the type of an interface or a link; checked once it is read whole.
/// Another end of a node's own wireguard.
struct WireguardPeerDraft {
  net::WireguardPeer peer;  ///< without a public key that is an interface's of the lab
  std::optional<Text> of;   ///< that interface: "b:wg0"
  bool port_given = false;
  Span at;
};

struct TypeDraft {
  std::optional<net::LinkType> type;
  Span type_at;
  net::LinkSettings settings;  ///< without type
  std::optional<Text> on;
  std::vector<Text> of;
  std::optional<Text> mode;
  std::vector<WireguardPeerDraft> peers;
  std::optional<Text> peer;                              ///< of a node's own macsec: an interface or a MAC
  std::vector<Text> over;                                ///< of a link: one for both ends, or two
  std::vector<std::pair<std::string_view, Span>> given;  ///< the keys that only some types have
};

struct InterfaceDraft {
  Text name;
  TypeDraft type;
  std::optional<Mac> mac;
  Span mac_at;
  std::uint32_t mtu = 0;
  std::optional<std::vector<Text>> addresses;
  Span addresses_at;
  std::optional<bool> dhcp;
  lab::Vlans vlans;
  Span vlans_at;
  Span dhcp_at;
  lab::Labels labels;
  ImpairmentDraft impairment;
};

struct ForwardDraft {
  lab::Forward forward;  ///< without where it leads
  Text to;
  Span at;
};

struct AddressDraft {
  Text key;  ///< an interface, a network, or lo
  std::vector<Text> values;
};

struct OspfInterfaceDraft {
  Text name;  ///< of an interface or a network
  lab::Ospf::Interface value;
};

struct ServiceDraft {
  net::Service service;     ///< without `after`
  std::vector<Text> after;  ///< names that are still to be looked up
  bool bad = false;         ///< its command was reported
};

/// What a node says about DHCP.
struct DhcpDraft {
  enum class Role : std::uint8_t { None, Client, Server };
  Role role = Role::None;
  Span at;
  std::optional<std::vector<Text>> serve;
  std::vector<Text> ranges;
  std::vector<lab::DhcpOption> options;
  std::vector<AddressDraft> hosts;    ///< by node or MAC
  std::vector<std::uint32_t> served;  ///< interfaces; set by number()
};

struct DnsRecordDraft {
  Text name;
  std::vector<IpAddress> addresses;
  std::optional<Text> alias_of;
};

/// What a node says about answering questions for names.
struct DnsDraft {
  bool runs = false;
  Span at;
  std::optional<std::vector<Text>> serve;
  std::vector<DnsRecordDraft> records;
  std::vector<Text> forward;  ///< nodes or addresses
  std::string domain;
  lab::DnsServer::Daemon daemon = lab::DnsServer::Daemon::Dnsmasq;
};

/// What a node says about router advertisements.
struct RadvdDraft {
  lab::Radvd radvd;  ///< without interfaces and name servers
  std::optional<std::vector<Text>> serve;
  std::optional<std::vector<Text>> rdnss;  ///< nodes or addresses
};

/// Where a station is.
struct StationDraft {
  Mac mac;
  Text port;
  Span at;
};

/// Who tells a switch what to do with frames.
struct ControllerDraft {
  std::string_view scheme;  ///< "tcp", "ssl", "unix"
  Text host;                ///< an address without its brackets, the name of a node, or a path
  std::uint16_t port = 0;   ///< 0: not given
};

struct NodeDraft {
  const Yaml* ranged = nullptr;  ///< the entry with a range that describes it
  const Yaml* single = nullptr;  ///< the entry of its own name
  Indices indices;               ///< in the former
  bool routes_by_shape = false;  ///< a shape made it a router
  std::optional<Text> machine;   ///< that it is on
  Span uplink;                   ///< where it was told to have a way to the network of the host
  Span layer_three;              ///< a key that only nodes with addresses may have, other than 'addresses'
  Span addresses_at;             ///< where 'addresses' was written
  Span not_of_vm;                ///< a key that a virtual machine cannot have
  Span vm_at;                    ///< the key that only a virtual machine can have
  Span layer_two;                ///< a key that only switches may have
  std::vector<StationDraft> stations;
  Span ageing_at;  ///< a switch's 'ageing'
  Span ovs_only;   ///< a key that only switches of Open vSwitch may have
  std::vector<ControllerDraft> controllers;
  std::vector<InterfaceDraft> interfaces;
  std::vector<AddressDraft> addresses;
  std::vector<RouteDraft> routes;
  std::vector<RuleDraft> rules;
  std::vector<Text> nat_out;
  std::vector<ForwardDraft> forwards;
  std::vector<ForwardDraft> ways_in;  ///< of 'uplink': from ports of the host
  DhcpDraft dhcp;
  DnsDraft dns;
  std::optional<std::vector<Text>> name_servers;  ///< nodes or addresses
  RadvdDraft radvd;
  std::vector<Text> ospf_passive;
  std::vector<OspfInterfaceDraft> ospf_interfaces;
  std::vector<Text> rip_passive;
  std::vector<Text> isis_passive;
  std::vector<ServiceDraft> services;
};

struct LinkDraft {
  TypeDraft type;
  Text interfaces[2];  ///< names given; empty ones are made
  std::vector<Prefix> subnets;
  Span subnet_at;
  ImpairmentDraft out;
  ImpairmentDraft back;
};

/// The lab in the making. Drafts are parallel to the lab's nodes and links.
struct Draft {
  Draft(Context& the_context, lab::Lab& the_lab) : context(the_context), lab(the_lab) {}

  Context& context;
  lab::Lab& lab;
  const Yaml* node_defaults = nullptr;
  const Yaml* link_defaults = nullptr;
  const Yaml* network_defaults = nullptr;
  const Yaml* kinds = nullptr;
  bool pool_given = false;
  Span pool_at;
  std::vector<NodeDraft> nodes;
  std::vector<LinkDraft> links;
  std::unordered_map<std::string_view, std::uint32_t> node_index;
  std::unordered_map<std::string_view, std::uint32_t> network_index;
  std::vector<std::uint32_t>
      first_interface;  ///< of each node, when all interfaces are counted through; set by number()
  std::vector<std::uint32_t> segment_of;  ///< by that count, none for ports of switches; set by number()
  std::unordered_set<const Yaml*>
      bad;  ///< layers that were found wrong for one member: not read again for the others

  /// The node of that name, made if it is not there yet. Nothing, and reported, if there cannot be one.
  [[nodiscard]] std::optional<std::uint32_t> node(const Text& name, bool* made = nullptr);
  /// Runs @p read unless it reported something about @p layer before.
  template <class Read>
  void once_if_bad(const Yaml* layer, Read read) {
    if (layer == nullptr || bad.contains(layer)) return;
    const std::size_t before = context.report.errors();
    read(*layer);
    if (context.report.errors() != before) bad.insert(layer);
  }
};

/// Reads one key of an impairment.
void read_impairment(Values& values, ImpairmentKey key, const Yaml& value, ImpairmentDraft& draft);
/// Reports what cannot work: jitter or reordering without a delay.
void check_impairment(Context& context, const ImpairmentDraft& draft);

/// Reports what a node needs to run the routing protocols that it was given.
void check_dynamic(Draft& draft, const lab::Node& node);

/// Reports what a container or an interface of the host lacks or cannot have.
void check_world(Draft& draft, std::uint32_t node);

/// Looks up where the forwarded ports of a node lead.
[[nodiscard]] std::vector<lab::Forward> resolve_forwards(Draft& draft, std::uint32_t node,
                                                         std::vector<ForwardDraft>& forwards);

/// Looks up where DNS servers answer and forward to, and whom nodes ask.
void resolve_names(Draft& draft);
/// Looks up behind which ports stations are, and reports what only switches can have.
void resolve_switches(Draft& draft);
/// Reads the addresses that switches have themselves, before others are chosen.
void give_switches_addresses(Draft& draft);
/// Reports what virtual machines lack, what they cannot have, and what only they can.
void check_vms(Draft& draft);
/// Looks up where radvd advertises and what, and warns those who wait for an advertisement of nobody.
void resolve_radvd(Draft& draft);

/// Reads one of the keys that only some types of interfaces and links have.
void read_interface_type(Values& values, const Yaml& value, TypeDraft& draft);
void read_link_type(Values& values, const Yaml& value, TypeDraft& draft);
void read_type_key(Values& values, TypeKey key, std::string_view word, const Yaml& value, TypeDraft& draft);
/// The other ends of a node's own wireguard, and what is between an address and its port.
void read_wireguard_peers(Values& values, const Yaml& value, std::vector<WireguardPeerDraft>& into);
/// A key as wg(8) writes it. Reported if it is none.
[[nodiscard]] std::optional<net::Key256> read_key(Values& values, const Yaml& value, std::string_view what);
/// A key as ip-macsec(8) has it.
[[nodiscard]] std::optional<net::Key128> read_hex_key(Values& values, const Yaml& value,
                                                      std::string_view what);
/// Looks up the other ends of nodes' own wireguards and macsecs, and gives them what nobody gave.
void resolve_own_tunnels(Draft& draft);

/// Reports keys that the type does not have, and those that it needs and the file does not give.
/// @p link whether it is a link's; then a type that cannot be a wire is reported as well.
void check_type(Context& context, TypeDraft& draft, bool link);
/// Makes the interfaces that nodes say they have themselves, and looks up what they stand on and consist of.
void add_own_interfaces(Draft& draft);
/// Finds the outer addresses of links that are tunnels, makes their keys, and fits MTUs to what lies below.
void resolve_tunnels(Draft& draft);

/// The steps from the merged file to the finished lab, in this order.
void read_networks(Draft& draft, const Yaml* networks);
void read_node_names(Draft& draft, const Yaml* nodes);
void read_links(Draft& draft, const Yaml* links);
void read_nodes(Draft& draft);  ///< what nodes are, from defaults, kinds and their entries
void add_uplinks(
    Draft& draft);  ///< links to the host of nodes that have an uplink, and the prefixes of such links
void attach(Draft& draft);          ///< links become interfaces, and interfaces get what nodes say of them
void number(Draft& draft);          ///< prefixes, addresses and MACs
void derive_macs(lab::Lab& lab);    ///< of interfaces that were given none, from names
void resolve(Draft& draft);         ///< routes, rules and NAT, where names become addresses and interfaces
void finish_uplinks(Draft& draft);  ///< addresses of the host's ends, the routes that lead there, and the
                                    ///< ports that lead here
void check(Draft& draft);           ///< what only shows in the whole

}  // namespace hopyard::language
