#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lower/daemons/daemons.hh"
#include "lower/hosting/hosting.hh"

namespace hopyard::lower::hosting {
namespace {

bool answers_itself(const lab::Node& node) {
  return node.dns.runs || (node.dhcp.runs() && dnsmasq_answers(node));
}

}  // namespace

lab::Resolver resolver_of(const lab::Node& node, std::span<const std::uint32_t> segment_of,
                          std::span<const Served> served) {
  lab::Resolver resolver;
  const auto add = [&](const IpAddress& one) {
    auto& servers = resolver.servers;
    if (servers.size() < lab::most_name_servers && std::ranges::find(servers, one) == servers.end())
      servers.push_back(one);
  };
  for (std::size_t k = 0; k < node.interfaces.size(); ++k) {
    if (segment_of[k] == lab::none) continue;
    const lab::Interface& interface = node.interfaces[k];
    const Served& here = served[segment_of[k]];
    const std::size_t before = resolver.servers.size();
    for (const IpAddress& server : here.name_servers) {
      const auto near = [&](const InterfaceAddress& own) { return own.prefix().contains(server); };
      if (std::ranges::any_of(interface.addresses, near)) add(server);
    }
    if (interface.automatic)  // the kernel makes addresses of advertisements, and leaves name servers to
                              // others
      for (const IpAddress& server : here.advertised) add(server);
    if (resolver.servers.size() == before) continue;
    for (const std::string& domain : here.domains)
      if (std::ranges::find(resolver.domains, domain) == resolver.domains.end())
        resolver.domains.push_back(domain);
  }
  return resolver;
}

namespace {

std::string text_of(const lab::Resolver& resolver) {
  std::string text;
  if (!resolver.domains.empty()) text += fmt::format("search {}\n", fmt::join(resolver.domains, " "));
  for (const IpAddress& one : resolver.servers) text += fmt::format("nameserver {}\n", one.text());
  return text;
}

}  // namespace

void add_resolver(const lab::Node& node, std::span<const std::uint32_t> segment_of,
                  std::span<const Served> served, net::Machine& machine) {
  const bool asks = std::ranges::any_of(node.interfaces, [](const lab::Interface& one) { return one.dhcp; });
  if (node.resolver.given) {
    const std::string text = text_of(node.resolver);
    daemons::add_file(machine, {"/etc/resolv.conf", text});
    // The node's DHCP clients leave resolv.conf alone where this is there.
    if (asks) daemons::add_file(machine, {"/etc/hopyard/name-servers", text});
    return;
  }
  if (asks) return;
  lab::Resolver resolver;
  if (answers_itself(node)) {
    resolver.servers = {IpAddress::v4(0x7F000001)};
    if (!node.dns.domain.empty()) resolver.domains = {node.dns.domain};
  } else {
    resolver = resolver_of(node, segment_of, served);
    if (resolver.servers.empty()) resolver.servers = node.resolver.servers;  // of the host, by an uplink
  }
  if (!resolver.servers.empty()) daemons::add_file(machine, {"/etc/resolv.conf", text_of(resolver)});
}

}  // namespace hopyard::lower::hosting
