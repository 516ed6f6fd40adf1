#include <fmt/format.h>

#include <algorithm>

#include "lower/daemons/daemons.hh"
#include "lower/hosting/hosting.hh"
#include "lower/scope.hh"

namespace hopyard::lower::hosting {
namespace {

/// dhcp-client INTERFACE METRIC NAME. Which client the node has is only known in the node.
constexpr std::string_view client = R"(#!/bin/sh
# Gets the addresses of an interface: dhcp-client INTERFACE METRIC HOSTNAME
mkdir -p /run/dhcp
rm -f "/run/dhcp/$1.lease"
export IF_METRIC="$2"
if busybox udhcpc --help >/dev/null 2>&1; then
  exec busybox udhcpc -f -i "$1" -s /etc/hopyard/udhcpc-event -T 1 -A 1 -x "hostname:$3" -O mtu
fi
cat >"/run/dhcp/$1.conf" <<END
send host-name "$3";
request subnet-mask, broadcast-address, routers, domain-name, domain-name-servers, interface-mtu;
initial-delay 0;
initial-interval 1;
retry 1;
END
exec dhclient -4 -d -cf "/run/dhcp/$1.conf" -lf "/run/dhcp/$1.leases" -pf "/run/dhcp/$1.pid" \
  -sf /etc/hopyard/dhclient-event -e "IF_METRIC=$2" "$1"
)";

constexpr std::string_view udhcpc_event = R"(#!/bin/sh
# What udhcpc has found out, put on the interface.
case $1 in
  deconfig)
    rm -f "/run/dhcp/$interface.lease"
    busybox ip -4 address flush dev "$interface"
    ;;
  bound | renew)
    if [ "$1" = bound ]; then busybox ip -4 address flush dev "$interface"; fi
    busybox ip -4 address add "$ip/$mask" broadcast + dev "$interface" 2>/dev/null
    if [ -n "$mtu" ]; then busybox ip link set dev "$interface" mtu "$mtu"; fi
    metric=$IF_METRIC
    for one in $router; do
      busybox ip -4 route replace default via "$one" dev "$interface" metric "$metric"
      metric=$((metric + 1))
    done
    {
      if [ -n "$domain" ]; then echo "search $domain"; fi
      for one in $dns; do echo "nameserver $one"; done
    } >"/run/dhcp/$interface.resolv"
    if [ -n "$dns" ]; then cat /run/dhcp/*.resolv >/etc/resolv.conf; fi
    echo "$ip/$mask" >"/run/dhcp/$interface.lease"
    ;;
esac
)";

constexpr std::string_view dhclient_event = R"(#!/bin/sh
# dhclient's own script does the work; what it has done is noted.
/sbin/dhclient-script "$@"
status=$?
case $reason in
  BOUND | RENEW | REBIND | REBOOT) echo "$new_ip_address" >"/run/dhcp/$interface.lease" ;;
  EXPIRE | FAIL | RELEASE | STOP) rm -f "/run/dhcp/$interface.lease" ;;
esac
exit $status
)";

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

/// A sysctl has "/" where the name of an interface has ".".
std::string setting(std::string name, std::string_view what) {
  std::ranges::replace(name, '.', '/');
  return fmt::format("net.ipv6.conf.{}.{}", name, what);
}

void add_setting(net::Namespace& ns, std::string name, std::string value) {
  const auto same = [&](const net::Sysctl& one) { return one.name == name; };
  if (std::ranges::none_of(ns.sysctls, same)) ns.sysctls.push_back({std::move(name), std::move(value)});
}

void add_script(net::Machine& machine, std::string_view name, std::string_view text) {
  daemons::add_file(machine, {fmt::format("/etc/hopyard/{}", name), std::string(text), 0755});
}

}  // namespace

void keep_addresses(const lab::Interface& interface, net::Namespace& ns) {
  const bool has_v6 = std::ranges::any_of(interface.addresses, [](const InterfaceAddress& one) {
    return one.address.family() == Family::V6 && means_one_node(one.address);
  });
  if (has_v6) add_setting(ns, setting(interface.name, "accept_ra"), "0");
}

void add_dhcp_client(const lab::Interface& interface, const Served& served, unsigned order,
                     net::Namespace& ns) {
  add_setting(ns, setting(interface.name, "router_solicitation_interval"), "1");
  // A router takes no advertisements of others unless it is told to.
  if (ns.kind == "router") add_setting(ns, setting(interface.name, "accept_ra"), "2");
  add_script(ns.machine, "dhcp-ready", ready);
  const std::string families = fmt::format("{}{}", served.v4 ? " 4" : "", served.v6 ? " 6" : "");
  const std::string check = fmt::format("/etc/hopyard/dhcp-ready {}{}", quoted(interface.name), families);
  if (served.by_anyone && !served.v4) {  // the kernel does all there is to do
    if (!served.v6) return;
    ns.warm = true;
    ns.machine.ready =
        ns.machine.ready.empty() ? check : fmt::format("{} && {{ {}\n}}", check, ns.machine.ready);
    return;
  }
  add_script(ns.machine, "dhcp-client", client);
  add_script(ns.machine, "udhcpc-event", udhcpc_event);
  add_script(ns.machine, "dhclient-event", dhclient_event);
  net::Service service;
  service.name = fmt::format("dhcp-{}", interface.name);
  service.command = {"/etc/hopyard/dhcp-client", interface.name, fmt::format("{}", order),
                     ns.machine.hostname};
  if (served.by_anyone) service.ready = {net::Service::Ready::Kind::Command, check};
  service.ready.left = fmt::format("/run/dhcp/{}.lease", interface.name);
  service.programs = {"busybox", "dhclient"};
  service.package = "busybox";
  service.origin = interface.dhcp_at;
  add_service(ns, std::move(service));
}

}  // namespace hopyard::lower::hosting
