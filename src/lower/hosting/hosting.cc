#include "lower/hosting/hosting.hh"

#include <algorithm>

#include "lower/scope.hh"

namespace hopyard::lower::hosting {
namespace {

bool concerned(const lab::Node& node) {
  return node.dhcp.runs() || node.dns.runs || node.radvd.runs || node.resolver.given ||
         !node.resolver.servers.empty() ||
         std::ranges::any_of(node.interfaces,
                             [](const lab::Interface& one) { return one.dhcp || one.automatic; });
}

/// The segment of each interface of each node; none for ports.
std::vector<std::vector<std::uint32_t>> places(const lab::Lab& lab, std::span<const lab::Segment> segments) {
  std::vector<std::vector<std::uint32_t>> all;
  all.reserve(lab.nodes.size());
  for (const lab::Node& node : lab.nodes) all.emplace_back(node.interfaces.size(), lab::none);
  for (std::uint32_t i = 0; i < segments.size(); ++i)
    for (const auto& member : segments[i].members) all[member.node][member.interface] = i;
  return all;
}

template <class T>
void add(std::vector<T>& list, const T& one) {
  if (std::ranges::find(list, one) == list.end()) list.push_back(one);
}

/// What one node does for its networks.
void note(const lab::Node& node, std::span<const std::uint32_t> segment_of, std::vector<Served>& served) {
  for (const lab::DhcpSubnet& one : node.dhcp.subnets) {
    Served& here = served[segment_of[one.interface]];
    here.by_anyone = true;
    here.v4 = here.v4 || one.first.family() == Family::V4;
    if (answers_on(node, one.interface)) add(here.name_servers, one.own.address);
    here.v6 = here.v6 || (one.first.family() == Family::V6 && one.own.length == 64);
  }
  for (std::uint32_t i = 0; i < node.interfaces.size(); ++i) {
    if (!node.dns.serves(i) || segment_of[i] == lab::none) continue;
    Served& here = served[segment_of[i]];
    for (const InterfaceAddress& one : node.interfaces[i].addresses)
      if (means_one_node(one.address)) add(here.name_servers, one.address);
    if (!node.dns.domain.empty()) add(here.domains, node.dns.domain);
  }
  for (const lab::Radvd::Interface& one : node.radvd.interfaces) {
    Served& here = served[segment_of[one.interface]];
    const auto fits = [](const Prefix& prefix) { return prefix.length == 64; };
    if (node.radvd.config)
      here.perhaps_v6 = true;  // nobody waits for what may not be in it
    else
      here.v6 = here.v6 || std::ranges::any_of(one.prefixes, fits);
    for (const IpAddress& server : radvd_name_servers(node, one.interface)) add(here.advertised, server);
    for (const std::string& domain : radvd_domains(node, one.interface)) add(here.domains, domain);
  }
}

}  // namespace

std::vector<lab::Resolver> resolvers_of_guests(const lab::Lab& lab, std::span<const lab::Segment> segments) {
  const auto segment_of = places(lab, segments);
  std::vector<Served> served(segments.size());
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) note(lab.nodes[i], segment_of[i], served);
  std::vector<lab::Resolver> resolvers(lab.nodes.size());
  for (std::size_t i = 0; i < lab.nodes.size(); ++i)
    if (lab.nodes[i].kind == lab::Kind::Vm) resolvers[i] = resolver_of(lab.nodes[i], segment_of[i], served);
  return resolvers;
}

bool dnsmasq_answers(const lab::Node& node) {
  if (node.dns.runs) return node.dns.daemon == lab::DnsServer::Daemon::Dnsmasq;
  return node.dhcp.runs() && std::ranges::none_of(node.dhcp.options, [](const lab::DhcpOption& one) {
           return one.name == lab::DhcpOption::Name::Dns;
         });
}

bool answers_on(const lab::Node& node, std::uint32_t interface) {
  if (node.dns.serves(interface)) return true;
  const auto here = [&](const lab::DhcpSubnet& one) { return one.interface == interface; };
  return dnsmasq_answers(node) && std::ranges::any_of(node.dhcp.subnets, here);
}

void add_service(net::Namespace& ns, net::Service service) {
  ns.warm = true;
  const auto same = [&](const net::Service& one) { return one.name == service.name; };
  if (std::ranges::none_of(ns.machine.services, same)) ns.machine.services.push_back(std::move(service));
}

void add_hosting(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired) {
  if (std::ranges::none_of(lab.nodes, concerned)) return;
  const auto segment_of = places(lab, segments);
  std::vector<Served> served(segments.size());
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) note(lab.nodes[i], segment_of[i], served);
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) {
    const lab::Node& node = lab.nodes[i];
    if (lab::is_layer_two(node.kind) || node.kind == lab::Kind::Vm) continue;
    net::Namespace& ns = desired.namespaces[i];
    if (node.dhcp.runs() || node.dns.runs_by(lab::DnsServer::Daemon::Dnsmasq))
      add_dnsmasq(lab, node, segment_of[i], segments, ns);
    if (node.dns.runs_by(lab::DnsServer::Daemon::Named)) add_named(lab, node, ns);
    if (node.radvd.runs) add_radvd(node, ns);
    add_resolver(node, segment_of[i], served, ns.machine);
    unsigned order = 0;
    for (std::size_t k = 0; k < node.interfaces.size(); ++k) {
      if (segment_of[i][k] == lab::none) continue;
      const Served& here = served[segment_of[i][k]];
      if (node.interfaces[k].dhcp)
        add_dhcp_client(node.interfaces[k], here, order++, ns);
      else if (node.interfaces[k].automatic)
        add_automatic(node.interfaces[k], here, ns);
      else if (here.v6 || here.perhaps_v6)
        keep_addresses(node.interfaces[k], ns);
    }
  }
}

}  // namespace hopyard::lower::hosting
