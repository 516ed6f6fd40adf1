#include <fmt/format.h>

#include <algorithm>

#include "lower/daemons/daemons.hh"
#include "lower/hosting/hosting.hh"
#include "lower/scope.hh"

namespace hopyard::lower::hosting {
namespace {

/// dhcp-ready INTERFACE FAMILY...
constexpr std::string_view ready = R"(#!/bin/sh
# Whether an interface has got its addresses: dhcp-ready INTERFACE FAMILY...
has_v6() {
  while read -r address index length scope flags name; do
    # A global address (scope 0) that is not tentative (0x40) any more: if_inet6, include/uapi/linux/if_addr.h
    [ "$name" = "$1" ] && [ "$scope" = 00 ] && [ $((0x$flags & 0x40)) = 0 ] && return 0
  done </proc/net/if_inet6
  return 1
}
interface=$1
shift
for family; do
  case $family in
    4) [ -e "/run/dhcp/$interface.lease" ] || exit 1 ;;
    6) has_v6 "$interface" || exit 1 ;;
  esac
done
)";

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char byte : text)
    if (byte == '\'')
      out += "'\\''";
    else
      out += byte;
  return out + "'";
}

}  // namespace

void add_v6_setting(std::string interface, std::string_view what, std::string value, net::Namespace& ns) {
  std::ranges::replace(interface, '.', '/');  // a sysctl has "/" where the name of an interface has "."
  std::string name = fmt::format("net.ipv6.conf.{}.{}", interface, what);
  const auto same = [&](const net::Sysctl& one) { return one.name == name; };
  if (std::ranges::none_of(ns.sysctls, same)) ns.sysctls.push_back({std::move(name), std::move(value)});
}

std::string address_check(std::string_view interface, std::string_view families, net::Machine& machine) {
  daemons::add_file(machine, {"/etc/hopyard/dhcp-ready", std::string(ready), 0755});
  return fmt::format("/etc/hopyard/dhcp-ready {}{}", quoted(interface), families);
}

void add_readiness(const std::string& check, net::Namespace& ns) {
  ns.warm = true;
  ns.machine.ready =
      ns.machine.ready.empty() ? check : fmt::format("{} && {{ {}\n}}", check, ns.machine.ready);
}

void add_automatic(const lab::Interface& interface, const Served& served, net::Namespace& ns) {
  add_v6_setting(interface.name, "router_solicitation_interval", "1", ns);
  // 2 also holds where the node forwards (Documentation/networking/ip-sysctl.rst).
  add_v6_setting(interface.name, "accept_ra", "2", ns);
  add_v6_setting(interface.name, "autoconf", "1", ns);
  if (served.v6) add_readiness(address_check(interface.name, " 6", ns.machine), ns);
}

void keep_addresses(const lab::Interface& interface, net::Namespace& ns) {
  const bool has_v6 = std::ranges::any_of(interface.addresses, [](const InterfaceAddress& one) {
    return one.address.family() == Family::V6 && means_one_node(one.address);
  });
  if (has_v6) add_v6_setting(interface.name, "accept_ra", "0", ns);
}

}  // namespace hopyard::lower::hosting
