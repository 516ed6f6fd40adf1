#include <fmt/format.h>

#include <algorithm>

#include "lower/daemons/daemons.hh"
#include "lower/hosting/hosting.hh"
#include "lower/hosting/zones.hh"
#include "lower/scope.hh"

namespace hopyard::lower::hosting {
namespace {

constexpr std::string_view configuration_path = "/etc/bind/named.conf";
constexpr std::string_view log_path = "/run/named/start.log";

/// Where it listens, of one family.
std::string listen_on(const lab::Node& node, Family family) {
  if (node.dns.everywhere) return "any;";
  std::string list = family == Family::V4 ? "127.0.0.1;" : "::1;";
  const auto add = [&](const InterfaceAddress& one) {
    if (one.address.family() == family && means_one_node(one.address))
      list += fmt::format(" {};", one.address.text());
  };
  for (const InterfaceAddress& one : node.loopback) add(one);
  for (const std::uint32_t i : node.dns.interfaces)
    for (const InterfaceAddress& one : node.interfaces[i].addresses) add(one);
  return list;
}

std::string forwarding(const std::vector<IpAddress>& servers) {
  if (servers.empty()) return "  recursion no;\n";
  std::string out = "  recursion yes;\n  allow-recursion { any; };\n  forward only;\n  forwarders {";
  for (const IpAddress& one : servers) out += fmt::format(" {};", one.text());
  out += " };\n";
  return out;
}

std::string zone_path(const Zone& zone) {
  if (zone.name.empty()) return "/etc/bind/zones/db";
  return fmt::format("/etc/bind/zones/db.{}", zone.name);
}

std::string named_configuration(const lab::Node& node, const std::vector<Zone>& zones) {
  std::string out = fmt::format(
      "// Written by Hopyard for {}.\n"
      "options {{\n"
      "  directory \"/var/cache/bind\";\n"
      "  pid-file \"/run/named/named.pid\";\n"
      "  session-keyfile none;\n"
      "  listen-on {{ {} }};\n"
      "  listen-on-v6 {{ {} }};\n"
      "  allow-query {{ any; }};\n"
      "  dnssec-validation no;\n"
      "  empty-zones-enable no;\n"
      "  notify no;\n"
      "  minimal-responses yes;\n"
      // Nodes may be called what no host on the Internet may (RFC 952).
      "  check-names primary ignore;\n"
      "  check-names response ignore;\n"
      "{}"
      "}};\n",
      daemons::words_of(node.name), listen_on(node, Family::V4), listen_on(node, Family::V6),
      forwarding(node.dns.forward));
  out += fmt::format(
      "controls {{ }};\n"
      "logging {{\n"
      "  channel said {{ stderr; severity info; }};\n"
      "  channel start {{ file \"{}\"; severity info; }};\n"
      "  category default {{ said; }};\n"
      "  category general {{ said; start; }};\n"
      "  category network {{ said; start; }};\n"
      "}};\n",
      log_path);
  for (const Zone& zone : zones)
    out += fmt::format("zone \"{}{}\" {{ type primary; file \"{}\"; }};\n", escaped(zone.name),
                       zone.name.empty() ? "." : "", zone_path(zone));
  return out;
}

}  // namespace

void add_named(const lab::Lab& lab, const lab::Node& node, net::Namespace& ns) {
  const std::vector<Zone> zones = zones_of(lab, node.dns);
  daemons::add_file(ns.machine, {std::string(configuration_path), named_configuration(node, zones)});
  for (const Zone& zone : zones) daemons::add_file(ns.machine, {zone_path(zone), zone.text});
  ns.machine.folders.push_back({"/run/named", 0775, "root", "bind"});
  ns.machine.folders.push_back({"/var/cache/bind", 0775, "root", "bind"});
  net::Service service;
  service.name = "named";
  service.command = {"named", "-f", "-u", "bind", "-n", "1", "-c", std::string(configuration_path)};
  // It goes on without a port that another has, and listens before it has read its zones.
  service.ready = {
      net::Service::Ready::Kind::Command,
      fmt::format("grep -qs 'all zones loaded' {0} && ! grep -q 'interface ignored' {0}", log_path)};
  service.ready.left = log_path;
  service.package = "bind9";
  service.origin = node.dns.at;
  add_service(ns, std::move(service));
}

}  // namespace hopyard::lower::hosting
