#pragma once

#include <span>
#include <string>

#include "lab/lab.hh"
#include "lab/segments.hh"
#include "net/desired.hh"

/// The services that give a network its addresses and names: what they are written, and what starts them.
namespace hopyard::lower::hosting {

/// Gives servers and clients of DHCP, DNS and router advertisements what they need: configurations, folders,
/// services, sysctls. A file or service that the node has already is left as it is, so that the person's own
/// wins.
/// @p desired holds the namespaces of all nodes, in the order of the lab.
void add_hosting(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired);

/// What the clients of an interface can expect from the servers of its network.
struct Served {
  bool by_anyone = false;  ///< by a DHCP server
  bool v4 = false;
  bool v6 = false;                        ///< by router advertisements (RFC 4862)
  bool perhaps_v6 = false;                ///< only a person's own configuration tells
  std::vector<IpAddress> name_servers;    ///< where they are in the network
  std::vector<IpAddress> advertised;      ///< name servers that may be elsewhere (RFC 8106)
  std::vector<std::string> domains = {};  ///< in which plain names are looked for
};

/// Whether a node's dnsmasq answers DNS questions: if it is its DNS server, or hands out addresses and the
/// person names nobody else who answers.
[[nodiscard]] bool dnsmasq_answers(const lab::Node& node);
/// Whether a node answers DNS questions on one of its interfaces, by whichever daemon.
[[nodiscard]] bool answers_on(const lab::Node& node, std::uint32_t interface);
/// Whether radvd of the node, and not its dnsmasq, advertises on an interface.
[[nodiscard]] bool radvd_serves(const lab::Node& node, std::uint32_t interface);

/// What dnsmasq 2.90 reads in the node (dnsmasq(8)). @p gateways by subnet of the node's server: what clients
/// are told for their default gateway.
[[nodiscard]] std::string dnsmasq_configuration(const lab::Node& node,
                                                std::span<const std::vector<IpAddress>> gateways);
void add_dnsmasq(const lab::Lab& lab, const lab::Node& node, std::span<const std::uint32_t> segment_of,
                 std::span<const lab::Segment> segments, net::Namespace& ns);
/// The lines about names of that configuration (dnsmasq_names.cc).
void put_names(std::string& out, const lab::Node& node);
/// Names of the person's own in the form of hosts(5); dnsmasq reads them beside /etc/hosts.
[[nodiscard]] std::string record_hosts(const lab::DnsServer& server);
inline constexpr std::string_view record_hosts_path = "/etc/hopyard/dns-records";

/// named of BIND 9.18 with the zones of the lab.
void add_named(const lab::Lab& lab, const lab::Node& node, net::Namespace& ns);

/// What radvd 2.19 reads in the node (radvd.conf(5)).
[[nodiscard]] std::string radvd_configuration(const lab::Node& node);
void add_radvd(const lab::Node& node, net::Namespace& ns);
/// The name servers that the node's radvd tells the hosts of an interface.
[[nodiscard]] std::vector<IpAddress> radvd_name_servers(const lab::Node& node, std::uint32_t interface);
[[nodiscard]] std::vector<std::string> radvd_domains(const lab::Node& node, std::uint32_t interface);

/// @param order of the interface among those of the node that ask: the gateway of the first one is preferred.
void add_dhcp_client(const lab::Interface& interface, const Served& served, unsigned order,
                     net::Namespace& ns);

/// Has an interface make itself IPv6 addresses from advertisements; the node is ready once it has one.
void add_automatic(const lab::Interface& interface, const Served& served, net::Namespace& ns);
/// Keeps an interface that has IPv6 addresses from the file from making itself more of them.
void keep_addresses(const lab::Interface& interface, net::Namespace& ns);
/// A command that succeeds once an interface has its addresses of @p families, " 4", " 6" or " 4 6".
[[nodiscard]] std::string address_check(std::string_view interface, std::string_view families,
                                        net::Machine& machine);
/// Has @p ns wait for @p check before it counts as up.
void add_readiness(const std::string& check, net::Namespace& ns);
/// A sysctl of IPv6 on an interface, unless the node has it already.
void add_v6_setting(std::string interface, std::string_view what, std::string value, net::Namespace& ns);

/// The servers of names of the networks that the node is in, as far as it can reach them.
[[nodiscard]] lab::Resolver resolver_of(const lab::Node& node, std::span<const std::uint32_t> segment_of,
                                        std::span<const Served> served);
/// Whom a node asks for names: its /etc/resolv.conf, if there is somebody to ask.
/// @p segment_of its interfaces, into @p served.
void add_resolver(const lab::Node& node, std::span<const std::uint32_t> segment_of,
                  std::span<const Served> served, net::Machine& machine);

/// Whom the virtual machines of the lab may ask for names, by node: those that serve their networks. Nothing
/// for nodes of other kinds.
[[nodiscard]] std::vector<lab::Resolver> resolvers_of_guests(const lab::Lab& lab,
                                                             std::span<const lab::Segment> segments);

/// Adds a service unless the node has one of that name.
void add_service(net::Namespace& ns, net::Service service);

}  // namespace hopyard::lower::hosting
