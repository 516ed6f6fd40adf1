#include "lower/between.hh"

#include <fmt/format.h>

#include "lower/kinds.hh"

namespace hopyard::lower {
namespace {

using By = lab::Between::By;

constexpr std::uint16_t vxlan_port = 4789;     // RFC 7348
constexpr std::chrono::seconds keepalive{25};  // what NATs remember for thirty seconds at least
constexpr std::uint32_t inside = 169U << 24U | 254U << 16U | 77U << 8U;  // of a namespace that has no others

/// Of a machine, on the wireguard device.
IpAddress inner_address(std::uint32_t machine) {
  return IpAddress::v4(inside + machine + 1);
}

}  // namespace

std::uint32_t Tunnels::add_between(std::string_view name) {
  net::Namespace ns;
  ns.role = net::Namespace::Role::Between;
  ns.name = name;
  ns.kind = "between";
  part_.namespaces.push_back(std::move(ns));
  return static_cast<std::uint32_t>(part_.namespaces.size() - 1);
}

/// The namespace that outer packets come from.
std::uint32_t Tunnels::outer() {
  if (outer_ != net::none) return outer_;
  // No node has a name with a blank.
  outer_ = add_between("the other machines");
  part_.namespaces[outer_].adopted = net::host_namespace;
  if (lab_.between.by == By::Wireguard) add_wireguard();
  return outer_;
}

void Tunnels::add_wireguard() {
  const lab::Machine& own = lab_.machines[machine_];
  net::LinkSettings settings;
  settings.type = net::LinkType::Wireguard;
  settings.lower_namespace = outer_;
  settings.port = own.port;
  settings.private_key = own.private_key;
  for (std::uint32_t i = 0; i < lab_.machines.size(); ++i) {
    if (i == machine_) continue;
    const lab::Machine& other = lab_.machines[i];
    settings.peers.push_back(
        {other.public_key, other.address, other.port, {Prefix::of(inner_address(i), 32)}, keepalive});
  }
  net::Device device;
  device.kind = net::Device::Kind::Other;
  device.name = "wg0";
  device.mtu = lab_.between.tunnel_mtu;
  device.addresses.push_back({inner_address(machine_), 24});
  device.origin = own.at;
  device.link = std::make_shared<const net::LinkSettings>(std::move(settings));
  outer_ = add_between("wireguard to the other machines");
  part_.namespaces[outer_].sysctls = silence();
  part_.namespaces[outer_].devices.push_back(std::move(device));
}

net::Device Tunnels::tunnel(std::uint32_t ns, PortNames& names, std::string_view to,
                            net::LinkSettings settings) {
  net::Device device;
  device.kind = net::Device::Kind::Other;
  device.name = names.name(fmt::format("to-{}", to));
  device.mac = Mac::derived(lab_.name,
                            fmt::format("{} on {}", part_.namespaces[ns].name, lab_.machines[machine_].name),
                            device.name);
  device.mtu = lab_.between.inner_mtu;
  device.master = 0;
  device.origin = part_.namespaces[ns].origin;
  settings.lower_namespace = outer_;
  device.link = std::make_shared<const net::LinkSettings>(std::move(settings));
  return device;
}

void Tunnels::add(std::uint32_t ns, const std::set<std::uint32_t>& machines, std::uint32_t id) {
  (void)outer();
  std::vector<std::uint32_t> others;
  for (const std::uint32_t one : machines)
    if (one != machine_) others.push_back(one);
  PortNames names("");
  for (const net::Device& port : part_.namespaces[ns].devices) (void)names.name(port.name);
  std::vector<net::Device> made;
  if (lab_.between.by == By::Gretap) {
    for (const std::uint32_t one : others) {
      const IpAddress& address = lab_.machines[one].address;
      net::LinkSettings settings;
      settings.type = address.family() == Family::V4 ? net::LinkType::Gretap : net::LinkType::Ip6gretap;
      settings.remote = address;
      // Without one of its own it sends nothing over IPv6 (ip6_tnl_xmit_ctl).
      if (address.family() == Family::V6) settings.local = lab_.machines[machine_].address;
      settings.key = id;
      made.push_back(tunnel(ns, names, lab_.machines[one].name, std::move(settings)));
      made.back().port.isolated = others.size() > 1;
    }
  } else {
    const bool within = lab_.between.by == By::Wireguard;
    net::LinkSettings settings;
    settings.type = net::LinkType::Vxlan;
    settings.id = id;
    settings.port = within ? vxlan_port : lab_.between.port;
    settings.keeps_port = !within;
    for (const std::uint32_t one : others) {
      const IpAddress address = within ? inner_address(one) : lab_.machines[one].address;
      if (settings.remote)
        settings.floods.push_back(address);
      else
        settings.remote = address;
    }
    const std::string to = others.size() == 1 ? lab_.machines[others[0]].name : "others";
    made.push_back(tunnel(ns, names, to, std::move(settings)));
  }
  for (net::Device& one : made) part_.namespaces[ns].devices.push_back(std::move(one));
}

}  // namespace hopyard::lower
