#pragma once

#include <span>
#include <string>

#include "lab/lab.hh"
#include "lab/segments.hh"
#include "net/desired.hh"

/// The services that give a network its addresses: what they are written, and what starts them.
namespace hopyard::lower::hosting {

/// Gives servers and clients of DHCP what they need: configurations, folders, services, sysctls. A file or
/// service that the node has already is left as it is, so that the person's own wins.
/// @p desired holds the namespaces of all nodes, in the order of the lab.
void add_hosting(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired);

/// What the clients of an interface can expect from the servers of its network.
struct Served {
  bool by_anyone = false;
  bool v4 = false;
  bool v6 = false;  ///< by router advertisements (RFC 4862)
  std::vector<IpAddress> name_servers;
};

/// Whether a server answers DNS questions as well: unless the person names others who do.
[[nodiscard]] bool answers_names(const lab::DhcpServer& server);

/// What dnsmasq 2.90 reads in the node (dnsmasq(8)). @p gateways by subnet of the node's server: what clients
/// are told for their default gateway.
[[nodiscard]] std::string dnsmasq_configuration(const lab::Node& node,
                                                std::span<const std::vector<IpAddress>> gateways);
void add_dnsmasq(const lab::Lab& lab, const lab::Node& node, std::span<const std::uint32_t> segment_of,
                 std::span<const lab::Segment> segments, net::Namespace& ns);

/// @param order of the interface among those of the node that ask: the gateway of the first one is preferred.
void add_dhcp_client(const lab::Interface& interface, const Served& served, unsigned order,
                     net::Namespace& ns);

/// Keeps an interface that has IPv6 addresses from the file from making itself more of them.
void keep_addresses(const lab::Interface& interface, net::Namespace& ns);

/// Adds a service unless the node has one of that name.
void add_service(net::Namespace& ns, net::Service service);

}  // namespace hopyard::lower::hosting
