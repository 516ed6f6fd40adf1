#include <fmt/format.h>

#include "lower/daemons/daemons.hh"
#include "lower/hosting/hosting.hh"

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
    if [ -n "$dns" ] && [ ! -e /etc/hopyard/name-servers ]; then cat /run/dhcp/*.resolv >/etc/resolv.conf; fi
    echo "$ip/$mask" >"/run/dhcp/$interface.lease"
    ;;
esac
)";

constexpr std::string_view dhclient_event = R"(#!/bin/sh
# dhclient's own script does the work; what it has done is noted.
if [ -e /etc/hopyard/name-servers ]; then unset new_domain_name new_domain_search new_domain_name_servers; fi
/sbin/dhclient-script "$@"
status=$?
case $reason in
  BOUND | RENEW | REBIND | REBOOT) echo "$new_ip_address" >"/run/dhcp/$interface.lease" ;;
  EXPIRE | FAIL | RELEASE | STOP) rm -f "/run/dhcp/$interface.lease" ;;
esac
exit $status
)";

void add_script(net::Machine& machine, std::string_view name, std::string_view text) {
  daemons::add_file(machine, {fmt::format("/etc/hopyard/{}", name), std::string(text), 0755});
}

}  // namespace

void add_dhcp_client(const lab::Interface& interface, const Served& served, unsigned order,
                     net::Namespace& ns) {
  add_v6_setting(interface.name, "router_solicitation_interval", "1", ns);
  // A router takes no advertisements of others unless it is told to.
  if (ns.kind == "router") add_v6_setting(interface.name, "accept_ra", "2", ns);
  const std::string families = fmt::format("{}{}", served.v4 ? " 4" : "", served.v6 ? " 6" : "");
  const std::string check = address_check(interface.name, families, ns.machine);
  if (served.by_anyone && !served.v4) {  // the kernel does all there is to do
    if (served.v6) add_readiness(check, ns);
    return;
  }
  add_script(ns.machine, "dhcp-client", client);
  add_script(ns.machine, "udhcpc-event", udhcpc_event);
  add_script(ns.machine, "dhclient-event", dhclient_event);
  net::Service service;
  service.name = fmt::format("dhcp-{}", interface.name);
  service.command = {"/etc/hopyard/dhcp-client", interface.name, fmt::format("{}", order),
                     ns.machine.hostname};
  if (served.by_anyone || served.v6) service.ready = {net::Service::Ready::Kind::Command, check};
  service.ready.left = fmt::format("/run/dhcp/{}.lease", interface.name);
  service.programs = {"busybox", "dhclient"};
  service.package = "busybox";
  service.origin = interface.dhcp_at;
  add_service(ns, std::move(service));
}

}  // namespace hopyard::lower::hosting
