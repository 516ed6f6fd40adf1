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

/// What DNS questions are answered from: /etc/hosts, which has the names of the lab, and the leases.
void put_names(std::string& out, const lab::DhcpServer& server) {
  if (!answers_names(server)) {
    out += "port=0\nno-hosts\n";
    return;
  }
  out += "local=//\n";
  for (const lab::DhcpOption& option : server.options)
    if (option.name == Name::Domain && !option.values.empty())
      out += fmt::format("domain={0}\nlocal=/{0}/\nexpand-hosts\n", option.values.front());
}

void put_subnet(std::string& out, const lab::DhcpSubnet& subnet, bool names) {
  out += fmt::format("dhcp-range=set:if{},{},{},", subnet.interface, subnet.first.text(), subnet.last.text());
  if (!is_v6(subnet.own.address))
    out += fmt::format("{},1h\n", mask(subnet.own.length));
  else  // hosts may make themselves an address, as most do (RFC 4862), where the length is right for it
    out += fmt::format("{}{},1h\n",
                       subnet.own.length != 64 ? ""
                       : names                 ? "slaac,ra-names,"
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
    if (lab.nodes[node].kind != lab::Kind::Router) continue;
    for (const InterfaceAddress& one : lab.nodes[node].interfaces[interface].addresses)
      if (subnet.own.prefix().contains(one.address)) return {one.address};
  }
  return {};
}

}  // namespace

bool answers_names(const lab::DhcpServer& server) {
  return std::ranges::none_of(server.options,
                              [](const lab::DhcpOption& one) { return one.name == Name::Dns; });
}

std::string dnsmasq_configuration(const lab::Node& node, std::span<const std::vector<IpAddress>> gateways) {
  const lab::DhcpServer& server = node.dhcp;
  std::string out = fmt::format(
      "# Written by Hopyard for {}.\n"
      "user=root\n"
      "pid-file={}\n"
      "bind-interfaces\n"
      "no-resolv\n"
      "dhcp-authoritative\n"
      "no-ping\n"
      "dhcp-lease-max=1000000\n"
      "dhcp-leasefile=/var/lib/misc/dnsmasq.leases\n",
      daemons::words_of(node.name), pid_path);
  put_names(out, server);
  std::uint32_t last = lab::none;
  for (std::size_t i = 0; i < server.subnets.size(); ++i) {
    const lab::DhcpSubnet& one = server.subnets[i];
    const std::string name = word(node.interfaces[one.interface].name);
    if (one.interface != last) {
      out += fmt::format("interface={}\n", name);
      // A lifetime of 0: who has these advertisements from a host takes it for no router.
      if (node.kind != lab::Kind::Router) out += fmt::format("ra-param={},0,0\n", name);
    }
    last = one.interface;
    put_subnet(out, one, answers_names(server));
    const bool again = i > 0 && server.subnets[i - 1].own == one.own;
    if (!again) put_gateways(out, one, gateways[i]);
  }
  const auto v6 = [](const lab::DhcpSubnet& one) { return is_v6(one.own.address); };
  if (std::ranges::any_of(server.subnets, v6)) out += "enable-ra\n";
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
  ns.machine.folders.push_back({"/var/lib/misc"});
  daemons::add_file(ns.machine, {std::string(configuration_path), dnsmasq_configuration(node, gateways)});
  net::Service service;
  service.name = "dnsmasq";
  service.command = {"dnsmasq", "--keep-in-foreground", "--log-facility=-",
                     fmt::format("--conf-file={}", configuration_path)};
  service.ready = {net::Service::Ready::Kind::File, std::string(pid_path)};
  service.package = "dnsmasq-base";
  service.origin = node.dhcp.at;
  add_service(ns, std::move(service));
}

}  // namespace hopyard::lower::hosting
