#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lower/daemons/daemons.hh"
#include "lower/hosting/hosting.hh"
#include "lower/scope.hh"

namespace hopyard::lower::hosting {
namespace {

constexpr std::string_view configuration_path = "/etc/radvd.conf";
constexpr std::string_view pid_path = "/run/radvd/radvd.pid";
constexpr std::uint32_t least_interval = 3;  // seconds (RFC 4861, 6.2.1)

/// The longest interval between advertisements; 0 for radvd's own.
std::uint32_t longest_interval(const lab::Node& node) {
  const bool left_to_radvd = node.radvd.max_interval == 0 && node.dynamic.realistic;
  return left_to_radvd ? 0 : lab::longest_interval(node.radvd, false);
}

void put_times(std::string& out, const lab::Node& node) {
  const lab::Radvd& radvd = node.radvd;
  const std::uint32_t longest = longest_interval(node);
  std::uint32_t shortest = radvd.min_interval;
  // radvd's own, a third of the longest one, may be below what it takes.
  if (shortest == 0 && longest != 0) shortest = std::max(least_interval, longest / 3);
  if (shortest != 0) out += fmt::format("  MinRtrAdvInterval {};\n", shortest);
  if (longest != 0) out += fmt::format("  MaxRtrAdvInterval {};\n", longest);
  if (radvd.lifetime)
    out += fmt::format("  AdvDefaultLifetime {};\n", *radvd.lifetime);
  else if (node.kind != lab::Kind::Router)  // nobody shall send it what it would not forward
    out += "  AdvDefaultLifetime 0;\n";
}

void put_prefix(std::string& out, const Prefix& prefix) {
  out += fmt::format("  prefix {} {{\n    AdvOnLink on;\n    AdvAutonomous {};\n  }};\n", prefix.text(),
                     prefix.length == 64 ? "on" : "off");
}

std::string lifetime_of(std::string_view what, std::uint32_t seconds) {
  return seconds == 0 ? std::string() : fmt::format(" Adv{}Lifetime {};", what, seconds);
}

}  // namespace

bool radvd_serves(const lab::Node& node, std::uint32_t interface) {
  const auto& all = node.radvd.interfaces;
  return node.radvd.runs && std::ranges::find(all, interface, &lab::Radvd::Interface::interface) != all.end();
}

std::vector<IpAddress> radvd_name_servers(const lab::Node& node, std::uint32_t interface) {
  if (node.radvd.rdnss) return *node.radvd.rdnss;
  if (!answers_on(node, interface)) return {};
  for (const InterfaceAddress& one : node.interfaces[interface].addresses)
    if (one.address.family() == Family::V6 && means_one_node(one.address)) return {one.address};
  return {};
}

std::vector<std::string> radvd_domains(const lab::Node& node, std::uint32_t interface) {
  if (node.radvd.dnssl) return *node.radvd.dnssl;
  if (node.dns.serves(interface) && lab::radvd_reads_domain(node.dns.domain)) return {node.dns.domain};
  return {};
}

std::string radvd_configuration(const lab::Node& node) {
  const lab::Radvd& radvd = node.radvd;
  std::string out = fmt::format("# Written by Hopyard for {}.\n", daemons::words_of(node.name));
  for (const lab::Radvd::Interface& one : radvd.interfaces) {
    out += fmt::format("interface {} {{\n  AdvSendAdvert on;\n", node.interfaces[one.interface].name);
    put_times(out, node);
    if (radvd.managed) out += "  AdvManagedFlag on;\n";
    if (radvd.other) out += "  AdvOtherConfigFlag on;\n";
    if (radvd.mtu != 0) out += fmt::format("  AdvLinkMTU {};\n", radvd.mtu);
    for (const Prefix& prefix : one.prefixes) put_prefix(out, prefix);
    std::vector<std::string> servers;
    for (const IpAddress& server : radvd_name_servers(node, one.interface)) servers.push_back(server.text());
    // Three times the interval (RFC 8106, 5.1), so that one that is lost changes nothing.
    const std::uint32_t lifetime = 3 * longest_interval(node);
    if (!servers.empty())
      out += fmt::format("  RDNSS {} {{{} }};\n", fmt::join(servers, " "), lifetime_of("RDNSS", lifetime));
    if (const auto domains = radvd_domains(node, one.interface); !domains.empty())
      out += fmt::format("  DNSSL {} {{{} }};\n", fmt::join(domains, " "), lifetime_of("DNSSL", lifetime));
    out += "};\n";
  }
  return out;
}

void add_radvd(const lab::Node& node, net::Namespace& ns) {
  const auto& own = node.radvd.config;
  daemons::add_file(ns.machine,
                    {std::string(configuration_path), own ? own->text : radvd_configuration(node)});
  ns.machine.folders.push_back({"/run/radvd"});
  net::Service service;
  service.name = "radvd";
  service.command = {"radvd",        "--nodaemon",         "--logmethod",
                     "stderr_clean", "--config",           std::string(configuration_path),
                     "--pidfile",    std::string(pid_path)};
  // Written once the configuration is read and the socket is there (radvd.c).
  service.ready = {net::Service::Ready::Kind::File, std::string(pid_path)};
  service.ready.left = pid_path;
  service.package = "radvd";
  service.origin = node.radvd.at;
  add_service(ns, std::move(service));
}

}  // namespace hopyard::lower::hosting
