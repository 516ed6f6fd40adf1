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

struct InterfaceDraft {
  Text name;
  std::optional<Mac> mac;
  Span mac_at;
  std::uint32_t mtu = 0;
  std::optional<std::vector<Text>> addresses;
  Span addresses_at;
  std::optional<bool> dhcp;
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

struct NodeDraft {
  const Yaml* ranged = nullptr;  ///< the entry with a range that describes it
  const Yaml* single = nullptr;  ///< the entry of its own name
  Indices indices;               ///< in the former
  bool routes_by_shape = false;  ///< a shape made it a router
  Span layer_three;              ///< a key that only nodes with addresses may have
  std::vector<InterfaceDraft> interfaces;
  std::vector<AddressDraft> addresses;
  std::vector<RouteDraft> routes;
  std::vector<RuleDraft> rules;
  std::vector<Text> nat_out;
  std::vector<ForwardDraft> forwards;
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

/// Looks up where the forwarded ports of a node lead.
void resolve_forwards(Draft& draft, std::uint32_t node);

/// Looks up where DNS servers answer and forward to, and whom nodes ask.
void resolve_names(Draft& draft);
/// Looks up where radvd advertises and what, and warns those who wait for an advertisement of nobody.
void resolve_radvd(Draft& draft);

/// The steps from the merged file to the finished lab, in this order.
void read_networks(Draft& draft, const Yaml* networks);
void read_node_names(Draft& draft, const Yaml* nodes);
void read_links(Draft& draft, const Yaml* links);
void read_nodes(Draft& draft);  ///< what nodes are, from defaults, kinds and their entries
void attach(Draft& draft);      ///< links become interfaces, and interfaces get what nodes say of them
void number(Draft& draft);      ///< prefixes, addresses and MACs
void resolve(Draft& draft);     ///< routes, rules and NAT, where names become addresses and interfaces
void check(Draft& draft);       ///< what only shows in the whole

}  // namespace hopyard::language
