#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "lower/daemons/daemons.hh"
#include "lower/hosting/hosting.hh"

namespace hopyard::lower::hosting {
namespace {

constexpr std::string_view configuration_path = "/etc/dnsmasq.conf";
constexpr std::string_view pid_path = "/run/dnsmasq.pid";

using Name = lab::DhcpOption::Name;

/// A word of a line: between quotes when it holds what means something there.
std::string word(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 ||
           std::string_view("-_.:/[]").find(byte) != std::string_view::npos;
  });
  return plain ? std::string(text) : fmt::format("\"{}\"", daemons::words_of(text));
}

bool is_v6(const IpAddress& address) {
  return address.family() == Family::V6;
}

/// dnsmasq does not start with a host name that it does not like.
bool is_host_name(std::string_view name) {
  return !name.empty() && name.size() <= 63 && std::isalnum(static_cast<unsigned char>(name.front())) != 0 &&
         std::ranges::all_of(name, [](char byte) {
           return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '-' || byte == '_';
         });
}

std::string mask(std::uint8_t length) {
  return IpAddress::v4(length == 0 ? 0 : ~std::uint32_t(0) << (32U - length)).text();
}

void put_subnet(std::string& out, const lab::DhcpSubnet& subnet, bool names, bool silent) {
  out += fmt::format("dhcp-range=set:if{},{},{},", subnet.interface, subnet.first.text(), subnet.last.text());
  if (!is_v6(subnet.own.address))
    out += fmt::format("{},1h\n", mask(subnet.own.length));
  else  // hosts may make themselves an address, as most do (RFC 4862), where the length is right for it
    out += fmt::format("{}{},1h\n",
                       subnet.own.length != 64 || silent ? ""
                       : names                           ? "slaac,ra-names,"
                                                         : "slaac,",
                       subnet.own.length);
}

void put_gateways(std::string& out, const lab::DhcpSubnet& subnet, const std::vector<IpAddress>& gateways) {
  if (is_v6(subnet.own.address)) return;
  out += fmt::format("dhcp-option=tag:if{},option:router", subnet.interface);
  for (const IpAddress& one : gateways) out += fmt::format(",{}", one.text());
  out += '\n';
}

void put_addresses(std::string& out, const lab::DhcpOption& option, std::string_view v4,
                   std::string_view v6) {
  std::string lists[2];
  for (const std::string& one : option.values) {
    const bool six = one.find(':') != std::string::npos;
    lists[six ? 1 : 0] += six ? fmt::format(",[{}]", one) : fmt::format(",{}", one);
  }
  if (!lists[0].empty() || option.values.empty())
    out += fmt::format("dhcp-option=option:{}{}\n", v4, lists[0]);
  if (!lists[1].empty() || option.values.empty())
    out += fmt::format("dhcp-option=option6:{}{}\n", v6, lists[1]);
}

void put_option(std::string& out, const lab::DhcpOption& option) {
  switch (option.name) {
    case Name::Router:
      return;  // stands with each subnet
    case Name::Dns:
      return put_addresses(out, option, "dns-server", "dns-server");
    case Name::Ntp:
      return put_addresses(out, option, "ntp-server", "ntp-server");
    case Name::Domain:
      for (const std::string& one : option.values)
        out +=
            fmt::format("dhcp-option=option:domain-name,{0}\ndhcp-option=option6:domain-search,{0}\n", one);
      return;
    case Name::Mtu:
      for (const std::string& one : option.values) out += fmt::format("dhcp-option=option:mtu,{}\n", one);
      return;
    case Name::Number:
      out += fmt::format("dhcp-option={}", option.number);
      for (const std::string& one : option.values) out += ',' + word(one);
      out += '\n';
      return;
  }
}

void put_host_line(std::string& out, const lab::DhcpHost& host, const std::string& addresses) {
  out += fmt::format("dhcp-host={}{}", host.mac.text(), addresses);
  if (is_host_name(host.name)) out += ',' + host.name;
  out += '\n';
}

/// A line holds one IPv4 address, and any number of the other family.
void put_host(std::string& out, const lab::DhcpHost& host) {
  std::string addresses;
  bool has_v4 = false;
  for (const IpAddress& one : host.addresses) {
    if (!is_v6(one) && has_v4) {
      put_host_line(out, host, std::exchange(addresses, {}));
    }
    has_v4 = has_v4 || !is_v6(one);
    addresses += is_v6(one) ? fmt::format(",[{}]", one.text()) : fmt::format(",{}", one.text());
  }
  put_host_line(out, host, addresses);
}

/// The routers of a subnet for those who are told by @p server: itself if it is one.
std::vector<IpAddress> gateways_of(const lab::Lab& lab, const lab::Node& server, const lab::Segment& segment,
                                   const lab::DhcpSubnet& subnet) {
  for (const lab::DhcpOption& one : server.dhcp.options) {
    if (one.name != Name::Router) continue;
    if (one.values.empty()) return {};
    std::vector<IpAddress> given;
    for (const std::string& text : one.values)
      if (const auto address = IpAddress::parse(text); address && subnet.own.prefix().contains(*address))
        given.push_back(*address);
    // One of another subnet is out of reach here.
    if (!given.empty()) return given;
  }
  if (server.kind == lab::Kind::Router) return {subnet.own.address};
  for (const auto& [node, interface] : segment.members) {
    if (!lab::is_router(lab.nodes[node])) continue;
    for (const InterfaceAddress& one : lab.nodes[node].interfaces[interface].addresses)
      if (subnet.own.prefix().contains(one.address)) return {one.address};
  }
  return {};
}

bool gets_addresses_later(const lab::Node& node) {
  return node.dns.runs_by(lab::DnsServer::Daemon::Dnsmasq) &&
         std::ranges::any_of(node.interfaces,
                             [](const lab::Interface& one) { return one.dhcp || one.automatic; });
}

/// Where it listens: everywhere if nothing is said. lo is always one of them.
void put_interfaces(std::string& out, const lab::Node& node) {
  if (node.dns.runs_by(lab::DnsServer::Daemon::Dnsmasq)) {
    if (node.dns.everywhere) return;
    for (const std::uint32_t one : node.dns.interfaces)
      out += fmt::format("interface={}\n", word(node.interfaces[one].name));
  }
  std::uint32_t last = lab::none;
  for (const lab::DhcpSubnet& one : node.dhcp.subnets) {
    const bool named = node.dns.runs_by(lab::DnsServer::Daemon::Dnsmasq) && node.dns.serves(one.interface);
    if (one.interface != last && !named)
      out += fmt::format("interface={}\n", word(node.interfaces[one.interface].name));
    last = one.interface;
  }
}

/// What clients are told where another daemon of the node answers for names.
void put_other_server(std::string& out, const lab::Node& node, const lab::DhcpSubnet& subnet) {
  if (dnsmasq_answers(node) || !node.dns.serves(subnet.interface)) return;
  const auto given = [&](Name name) {
    return std::ranges::find(node.dhcp.options, name, &lab::DhcpOption::name) != node.dhcp.options.end();
  };
  const bool six = is_v6(subnet.own.address);
  const std::string begin = fmt::format("dhcp-option=tag:if{},option{}:", subnet.interface, six ? "6" : "");
  // The unspecified address stands for the server's own (dnsmasq(8), --dhcp-option).
  if (!given(Name::Dns)) out += fmt::format("{}dns-server,{}\n", begin, six ? "[::]" : "0.0.0.0");
  if (!given(Name::Domain) && !node.dns.domain.empty())
    out += fmt::format("{}{},{}\n", begin, six ? "domain-search" : "domain-name", node.dns.domain);
}

void put_subnets(std::string& out, const lab::Node& node, std::span<const std::vector<IpAddress>> gateways) {
  const std::vector<lab::DhcpSubnet>& all = node.dhcp.subnets;
  const auto v6 = [](const lab::DhcpSubnet& one) { return is_v6(one.own.address); };
  const auto left_to_radvd = [&](const lab::DhcpSubnet& one) {
    return v6(one) && radvd_serves(node, one.interface);
  };
  std::uint32_t last = lab::none;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const lab::DhcpSubnet& one = all[i];
    // A lifetime of 0: who has these advertisements from a host takes it for no router.
    if (one.interface != last && !lab::is_router(node))
      out += fmt::format("ra-param={},0,0\n", word(node.interfaces[one.interface].name));
    last = one.interface;
    put_subnet(out, one, dnsmasq_answers(node), left_to_radvd(one));
    const bool again = i > 0 && all[i - 1].own == one.own;
    if (again) continue;
    put_gateways(out, one, gateways[i]);
    put_other_server(out, node, one);
  }
  // For all subnets at once; those of a mode ("slaac") are advertised without it as well.
  if (std::ranges::any_of(all, v6) && std::ranges::none_of(all, left_to_radvd)) out += "enable-ra\n";
}

}  // namespace

std::string dnsmasq_configuration(const lab::Node& node, std::span<const std::vector<IpAddress>> gateways) {
  const lab::DhcpServer& server = node.dhcp;
  std::string out = fmt::format(
      "# Written by Hopyard for {}.\n"
      "user=root\n"
      "pid-file={}\n",
      daemons::words_of(node.name), pid_path);
  // Sockets of single addresses leave the others to other servers, but are made once, at the start.
  if (!gets_addresses_later(node)) out += "bind-interfaces\n";
  out += "no-resolv\n";
  if (server.runs())
    out +=
        "dhcp-authoritative\n"
        "no-ping\n"
        "dhcp-lease-max=1000000\n"
        "dhcp-leasefile=/var/lib/misc/dnsmasq.leases\n";
  put_names(out, node);
  put_interfaces(out, node);
  put_subnets(out, node, gateways);
  for (const lab::DhcpOption& one : server.options) put_option(out, one);
  for (const lab::DhcpHost& one : server.hosts) put_host(out, one);
  return out;
}

void add_dnsmasq(const lab::Lab& lab, const lab::Node& node, std::span<const std::uint32_t> segment_of,
                 std::span<const lab::Segment> segments, net::Namespace& ns) {
  std::vector<std::vector<IpAddress>> gateways;
  gateways.reserve(node.dhcp.subnets.size());
  for (const lab::DhcpSubnet& one : node.dhcp.subnets)
    gateways.push_back(gateways_of(lab, node, segments[segment_of[one.interface]], one));
  if (node.dhcp.runs()) ns.machine.folders.push_back({"/var/lib/misc"});
  if (std::string records = record_hosts(node.dns); dnsmasq_answers(node) && !records.empty())
    daemons::add_file(ns.machine, {std::string(record_hosts_path), std::move(records)});
  daemons::add_file(ns.machine, {std::string(configuration_path), dnsmasq_configuration(node, gateways)});
  net::Service service;
  service.name = "dnsmasq";
  // No group: it would be asked for even where there is none but root's, and changing to it is refused.
  service.command = {"dnsmasq", "--keep-in-foreground", "--log-facility=-",
                     "--group=", fmt::format("--conf-file={}", configuration_path)};
  service.ready = {net::Service::Ready::Kind::File, std::string(pid_path)};
  service.ready.left = pid_path;
  service.package = "dnsmasq-base";
  service.origin = node.dhcp.runs() ? node.dhcp.at : node.dns.at;
  add_service(ns, std::move(service));
}

}  // namespace hopyard::lower::hosting
