#include "lower/hosting/hosting.hh"

#include <algorithm>

#include "lower/daemons/daemons.hh"

namespace hopyard::lower::hosting {
namespace {

bool asks(const lab::Node& node) {
  return std::ranges::any_of(node.interfaces, [](const lab::Interface& one) { return one.dhcp; });
}

bool concerned(const lab::Node& node) {
  return node.dhcp.runs() || asks(node);
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

/// The /etc/resolv.conf of a node that nobody tells its name servers by DHCP; empty if it has none.
std::string name_servers(const lab::Node& node, std::span<const std::uint32_t> segment_of,
                         std::span<const Served> served) {
  constexpr std::size_t most = 3;  // MAXNS of resolv.h
  if (node.dhcp.runs() && answers_names(node.dhcp)) return "nameserver 127.0.0.1\n";
  std::vector<std::string> lines;
  for (std::size_t k = 0; k < node.interfaces.size(); ++k) {
    if (segment_of[k] == lab::none) continue;
    for (const IpAddress& server : served[segment_of[k]].name_servers)
      for (const InterfaceAddress& own : node.interfaces[k].addresses)
        if (own.prefix().contains(server) && lines.size() < most)
          lines.push_back("nameserver " + server.text() + "\n");
  }
  std::string text;
  for (const std::string& one : lines) text += one;
  return text;
}

}  // namespace

void add_service(net::Namespace& ns, net::Service service) {
  ns.warm = true;
  const auto same = [&](const net::Service& one) { return one.name == service.name; };
  if (std::ranges::none_of(ns.machine.services, same)) ns.machine.services.push_back(std::move(service));
}

void add_hosting(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired) {
  if (std::ranges::none_of(lab.nodes, concerned)) return;
  const auto segment_of = places(lab, segments);
  std::vector<Served> served(segments.size());
  for (std::size_t i = 0; i < lab.nodes.size(); ++i)
    for (const lab::DhcpSubnet& one : lab.nodes[i].dhcp.subnets) {
      Served& here = served[segment_of[i][one.interface]];
      here.by_anyone = true;
      here.v4 = here.v4 || one.first.family() == Family::V4;
      const bool first = std::ranges::find(here.name_servers, one.own.address) == here.name_servers.end();
      if (first && answers_names(lab.nodes[i].dhcp)) here.name_servers.push_back(one.own.address);
      here.v6 = here.v6 || (one.first.family() == Family::V6 && one.own.length == 64);
    }
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) {
    const lab::Node& node = lab.nodes[i];
    if (node.dhcp.runs()) add_dnsmasq(lab, node, segment_of[i], segments, desired.namespaces[i]);
    if (const std::string text = name_servers(node, segment_of[i], served); !text.empty() && !asks(node))
      daemons::add_file(desired.namespaces[i].machine, {"/etc/resolv.conf", text});
    unsigned order = 0;
    for (std::size_t k = 0; k < node.interfaces.size(); ++k) {
      if (segment_of[i][k] == lab::none) continue;
      const Served& here = served[segment_of[i][k]];
      if (node.interfaces[k].dhcp)
        add_dhcp_client(node.interfaces[k], here, order++, desired.namespaces[i]);
      else if (here.v6)
        keep_addresses(node.interfaces[k], desired.namespaces[i]);
    }
  }
}

}  // namespace hopyard::lower::hosting
