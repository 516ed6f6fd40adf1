#include "lower/open_vswitch.hh"

#include <fmt/format.h>

#include <algorithm>

#include "lower/kinds.hh"
#include "net/taps.hh"

namespace hopyard::lower {
namespace {

// In the node. The run folder is where the tools of Open vSwitch look by themselves. The database is there,
// too: one in /etc/openvswitch would be the host's, where the host has one.
constexpr const char* run_folder = "/run/openvswitch";
constexpr const char* transactions_path = "/etc/openvswitch/switch.transactions";

/// A database that is there already is kept: it has what was changed by hand since.
constexpr const char* make_database = R"(set -e
cd /run/openvswitch
if [ ! -e conf.db ]; then
  rm -f new.db .new.db.~lock~
  ovsdb-tool create new.db /usr/share/openvswitch/vswitch.ovsschema
  while IFS= read -r line; do
    ovsdb-tool transact new.db "$line" >/dev/null
  done </etc/openvswitch/switch.transactions
)";
/// Without the kernel's datapath there is nothing that could be listed, and that is an error.
constexpr const char* take_kernels_datapath = R"(  if ovs-dpctl dump-dps >/dev/null 2>&1; then
    ovsdb-tool transact new.db '["Open_vSwitch", {"op": "update", "table": "Bridge", "where": [],
      "row": {"datapath_type": "system"}}]' >/dev/null
  fi
)";
constexpr const char* serve_database = R"(  mv new.db conf.db
fi
exec ovsdb-server conf.db --remote=punix:/run/openvswitch/db.sock \
  --remote=db:Open_vSwitch,Open_vSwitch,manager_options --pidfile -vfile:off -vsyslog:off -vconsole:info
)";

/// By cur_cfg the daemon says that it has made what is in the database; one that was killed may have said so,
/// too.
constexpr const char* start_daemon =
    "ovs-vsctl --no-wait set Open_vSwitch . cur_cfg=0 && "
    "exec ovs-vswitchd --pidfile -vfile:off -vsyslog:off -vconsole:info";
constexpr const char* daemon_is_ready =
    "ovs-vsctl --timeout=5 wait-until Open_vSwitch . 'cur_cfg>0' && "
    "test -z \"$(ovs-vsctl --bare --columns=name find Interface ofport=-1)\"";

/// For a word of sh(1).
std::string quoted(std::string_view text) {
  std::string word = "'";
  for (const char letter : text) word += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return word + '\'';
}

/// Commands that let the daemon know the stations that are behind a port for good: it forgets them when it
/// ends.
std::string add_stations(const lab::Node& node) {
  std::string script;
  for (const lab::Switch::Station& one : node.forwarding.stations) {
    const lab::Interface& port = node.interfaces[one.interface];
    std::vector<std::uint16_t> vlans;
    if (lab::filters_vlans(node)) vlans = port.vlans.tagged;
    if (!lab::filters_vlans(node) || port.vlans.native() != 0)
      vlans.push_back(lab::filters_vlans(node) ? port.vlans.native() : std::uint16_t(0));
    for (const std::uint16_t vlan : vlans)
      script += fmt::format(" && ovs-appctl fdb/add {} {} {} {}", quoted(lab::bridge_name(node)),
                            quoted(port.name), vlan, one.mac.text());
  }
  return script;
}

/// The flows by which the switch itself reaches a controller by IPv6, whatever its other flows say: the
/// connection, and who has which MAC. For IPv4 it has hidden ones of its own (ofproto/in-band.c).
void add_way_to(const std::string& target, const lab::Node& node, std::string& flows) {
  const std::size_t end = target.find("]:");
  if (target.find(":[") != 3 || end == std::string::npos || target.starts_with('p')) return;
  const std::string host = target.substr(5, end - 5);
  const std::string port = target.substr(end + 2);
  if (host == "::1") return;
  const auto add = [&](const std::string& match) {
    flows += fmt::format(" 'priority=65535,{},actions=NORMAL'", match);
  };
  add("in_port=LOCAL,icmp6,icmp_type=135");
  add("in_port=LOCAL,icmp6,icmp_type=136");
  for (const InterfaceAddress& own : node.forwarding.addresses)
    if (own.address.family() == Family::V6)
      add(fmt::format("icmp6,icmp_type=135,nd_target={}", own.address.text()));
  add(fmt::format("icmp6,icmp_type=136,nd_target={}", host));
  add(fmt::format("tcp6,ipv6_src={},tp_src={}", host, port));
  add(fmt::format("tcp6,ipv6_dst={},tp_dst={}", host, port));
}

std::string add_ways_to_controllers(const lab::Node& node) {
  std::string flows;
  for (const std::string& target : node.forwarding.controllers) add_way_to(target, node, flows);
  if (flows.empty()) return {};
  return fmt::format(" && printf '%s\\n'{} | ovs-ofctl add-flows {} -", flows,
                     quoted(lab::bridge_name(node)));
}

net::Service service(const char* name, std::string script, const lab::Node& node) {
  net::Service one;
  one.name = name;
  one.command = {"/bin/sh", "-c", std::move(script)};
  one.programs = {name};
  one.package = "openvswitch-switch";
  one.origin = node.at;
  return one;
}

void add_services(const lab::Node& node, net::Machine& machine) {
  using Ready = net::Service::Ready::Kind;
  // A switch with addresses has a tap for its bridge, which is nothing to the kernel's datapath.
  const bool any_datapath = node.forwarding.addresses.empty();
  net::Service database = service(
      "ovsdb-server",
      std::string(make_database) + (any_datapath ? take_kernels_datapath : "") + serve_database, node);
  database.ready = {Ready::File, fmt::format("{}/db.sock", run_folder)};
  database.ready.left = database.ready.text;
  net::Service daemon = service(net::ovs_daemon.data(), start_daemon, node);
  daemon.after = {database.name};
  daemon.ready = {Ready::Command, daemon_is_ready + add_stations(node) + add_ways_to_controllers(node)};
  machine.services.insert(machine.services.begin(), {std::move(database), std::move(daemon)});
}

/// The bridge's own end, made before Open vSwitch so that it can have addresses, and keep them when the
/// daemon ends.
net::Device own_end(const lab::Node& node, const Mac& mac) {
  net::Device tap;
  tap.kind = net::Device::Kind::Tap;
  tap.name = lab::bridge_name(node);
  tap.mac = mac;
  tap.addresses = node.forwarding.addresses;
  tap.origin = node.at;
  return tap;
}

bool speaks_v6(const lab::Node& node) {
  for (const InterfaceAddress& one : node.forwarding.addresses)
    if (one.address.family() == Family::V6) return true;
  return false;
}

}  // namespace

net::Namespace open_vswitch(const lab::Lab& lab, const lab::Node& node) {
  net::Namespace ns = common(node);
  const std::string bridge = lab::bridge_name(node);
  const Mac mac = Mac::derived(lab.name, node.name, bridge);
  std::vector<net::Sysctl> sysctls = silence();
  if (speaks_v6(node)) {
    sysctls.push_back({fmt::format("net.ipv6.conf.{}.disable_ipv6", bridge), "0"});
    // The daemon takes its bridge down when it gives it its MAC, and IPv6 addresses would go with that.
    sysctls.push_back({fmt::format("net.ipv6.conf.{}.keep_addr_on_down", bridge), "1"});
  }
  const auto at_loopback = [](const std::string& target) {
    return target.find("[::1]") != std::string::npos;
  };
  if (std::ranges::any_of(node.forwarding.controllers, at_loopback))
    sysctls.push_back({"net.ipv6.conf.lo.disable_ipv6", "0"});
  ns.sysctls = merged(std::move(sysctls), node.sysctls);
  if (!node.forwarding.addresses.empty()) ns.devices.push_back(own_end(node, mac));
  ns.machine.folders.push_back({"/etc/openvswitch"});
  ns.machine.folders.push_back({run_folder});
  ns.machine.files.push_back({transactions_path, ovs_transactions(node, mac)});
  add_services(node, ns.machine);
  ns.warm = true;
  return ns;
}

void sum_before_ovs(const lab::Lab& lab, net::Desired& desired) {
  for (const net::Wire& wire : desired.wires)
    for (const std::size_t end : {0U, 1U}) {
      if (wire.namespaces[end] >= lab.nodes.size() || !lab::is_ovs(lab.nodes[wire.namespaces[end]])) continue;
      net::Device& other = desired.namespaces[wire.namespaces[1 - end]].devices[wire.devices[1 - end]];
      other.sums_first = other.kind == net::Device::Kind::Veth;
    }
}

}  // namespace hopyard::lower
