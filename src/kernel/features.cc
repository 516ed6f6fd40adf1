#include "kernel/features.hh"

#include <fmt/format.h>
#include <algorithm>
#include <bitset>

#include "kernel/modules.hh"
#include "kernel/probe.hh"
#include "kernel/types/types.hh"
#include "net/taps.hh"

namespace hopyard::kernel {
namespace {

struct Entry {
  Probe::What what;
  const char* name;
  const char* option;
  const char* module;  ///< of a distribution's kernel, or null
  const char* meaning;
};

// In the order in which a person would want to hear of them.
constexpr Entry entries[] = {
    {Probe::What::Veth, "virtual Ethernet pairs (veth)", "CONFIG_VETH", "veth", "no links between nodes"},
    {Probe::What::Bridge, "Ethernet bridges (bridge)", "CONFIG_BRIDGE", "bridge",
     "no networks, switches or hubs"},
    {Probe::What::Ipv6, "IPv6", "CONFIG_IPV6", nullptr, "no IPv6 addresses and routes"},
    {Probe::What::Multipath, "multipath routes", "CONFIG_IP_ROUTE_MULTIPATH", nullptr,
     "no equal-cost multipath"},
    {Probe::What::Rules, "policy routing", "CONFIG_IP_MULTIPLE_TABLES", nullptr, "no rules"},
    {Probe::What::Rules6, "policy routing for IPv6", "CONFIG_IPV6_MULTIPLE_TABLES", nullptr, "no IPv6 rules"},
    {Probe::What::Tbf, "token bucket filter (tbf)", "CONFIG_NET_SCH_TBF", "sch_tbf", "no rate on links"},
    {Probe::What::Netem, "network emulator (netem)", "CONFIG_NET_SCH_NETEM", "sch_netem",
     "no delay, jitter, loss, corruption, duplication or reordering on links"},
    {Probe::What::NetemSeed, "seeds for the network emulator", "CONFIG_NET_SCH_NETEM of Linux 6.6 or later",
     nullptr, "no seed on links: each run loses other packets"},
    {Probe::What::Nftables, "packet filter (nftables)", "CONFIG_NF_TABLES and CONFIG_NF_TABLES_INET",
     "nf_tables", "no firewall and no nat"},
    {Probe::What::NftablesFib, "address types in the packet filter (fib)", "CONFIG_NFT_FIB_INET",
     "nft_fib_inet", "no forwarded ports"},
    {Probe::What::VlanFiltering, "VLANs in bridges (vlan_filtering)", "CONFIG_BRIDGE_VLAN_FILTERING", nullptr,
     "no vlan and vlans on the ports of a switch"},
    {Probe::What::Tun, "taps (/dev/net/tun)", "CONFIG_TUN", "tun", "no vm, no engine: ovs"},
    {Probe::What::Mpls, "label switching (MPLS)", "CONFIG_MPLS_ROUTING", "mpls_router",
     "no settings below net.mpls"},
    {Probe::What::PageMerging, "page merging (KSM)", "CONFIG_KSM of Linux 6.7 or later", nullptr,
     "no memory: merge"},
    {Probe::What::OvsDatapath, "Open vSwitch's datapath in the kernel", "CONFIG_OPENVSWITCH", "openvswitch",
     "switches of engine: ovs forward in user space"},
};

struct Needs {
  std::bitset<static_cast<std::size_t>(Probe::What::OvsDatapath) + 1> features;
  std::bitset<net::link_type_names.size()> types;
};

void add(Needs& needs, Probe::What what) {
  needs.features.set(static_cast<std::size_t>(what));
}

void add_impairment(Needs& needs, const net::Impairment& impairment) {
  if (impairment.none()) return;
  add(needs, impairment.only_rate() ? Probe::What::Tbf : Probe::What::Netem);
  if (impairment.seed) add(needs, Probe::What::NetemSeed);
}

void add_device(Needs& needs, const net::Device& device) {
  using Kind = net::Device::Kind;
  switch (device.kind) {
    case Kind::Bridge:
      add(needs, Probe::What::Bridge);
      break;
    case Kind::Veth:
      add(needs, Probe::What::Veth);
      break;
    case Kind::Tap:
      if (device.link)
        needs.types.set(static_cast<std::size_t>(device.link->type));
      else
        add(needs, Probe::What::Tun);
      break;
    case Kind::Other:
      needs.types.set(static_cast<std::size_t>(device.link->type));
      break;
    case Kind::Existing:
    case Kind::Moved:
      break;
  }
  for (const InterfaceAddress& address : device.addresses)
    if (address.address.family() == Family::V6) add(needs, Probe::What::Ipv6);
  if (device.bridging.filters) add(needs, Probe::What::VlanFiltering);
  add_impairment(needs, device.egress);
}

Needs needs_of(const net::Desired& desired) {
  Needs needs;
  for (const net::Namespace& ns : desired.namespaces) {
    for (const net::Device& device : ns.devices) add_device(needs, device);
    if (net::makes_taps(ns)) add(needs, Probe::What::Tun);
    for (const net::Route& route : ns.routes)
      if (route.next_hops.size() > 1) add(needs, Probe::What::Multipath);
    for (const net::Sysctl& sysctl : ns.sysctls)
      if (sysctl.name.starts_with("net.mpls.")) add(needs, Probe::What::Mpls);
    for (const net::Rule& rule : ns.rules)
      add(needs, rule.family == Family::V4 ? Probe::What::Rules : Probe::What::Rules6);
    for (const std::string& ruleset : ns.rulesets) {
      add(needs, Probe::What::Nftables);
      if (ruleset.find(" fib ") != std::string::npos) add(needs, Probe::What::NftablesFib);
    }
  }
  return needs;
}

template <class Described>
Feature described(const Described& entry, const Result<>& found) {
  Feature feature{entry.name, entry.option, entry.meaning, {}, found.has_value(), {}};
  if (found) return feature;
  feature.words = found.error().detail.empty() ? found.error().text() : found.error().detail;
  feature.remedy = found.error().remedy;
  if (!feature.remedy.empty()) {
    feature.option.clear();
  } else if (entry.module != nullptr) {
    feature.remedy = fmt::format(
        "load the module {} (Debian: it is in the package of the kernel, linux-image-amd64, "
        "but not in every cloud kernel), or use a kernel with {}",
        entry.module, entry.option);
  } else {
    feature.remedy = fmt::format("use a kernel with {}", entry.option);
  }
  return feature;
}

template <class Described>
Result<> refuse_without(const Described& entry, const Result<>& found, const char* doing) {
  if (found) return {};
  const Feature feature = described(entry, found);
  return failure(doing, "", 0,
                 fmt::format("this kernel lacks: {} ({}); the kernel says: {}", feature.name, feature.meaning,
                             feature.words),
                 feature.remedy);
}

Result<> check(const Needs& needs, const char* doing) {
  Probe probe;
  for (const Entry& entry : entries)
    if (needs.features.test(static_cast<std::size_t>(entry.what)))
      HOPYARD_TRY(refuse_without(entry, probe.look(entry.what), doing));
  for (std::size_t i = 0; i < needs.types.size(); ++i)
    if (const auto type = static_cast<net::LinkType>(i); needs.types.test(i))
      HOPYARD_TRY(refuse_without(type_entry(type), probe.look(type), doing));
  return {};
}

}  // namespace

Result<> check_features(const net::Desired& desired) {
  return check(needs_of(desired), "build the lab");
}

Result<> check_features(const net::Impairment& impairment) {
  Needs needs;
  add_impairment(needs, impairment);
  return check(needs, "impair");
}

Result<std::vector<Feature>> probe_all() {
  Probe probe;
  HOPYARD_TRY(probe.enter_scratch());
  std::vector<Feature> features;
  // Whoever only asks what there is must not change what there is.
  for (const Entry& entry : entries) {
    const bool waits = (entry.what == Probe::What::Mpls || entry.what == Probe::What::OvsDatapath) &&
                       waits_to_be_loaded(entry.module);
    features.push_back(described(entry, waits ? Result<>() : probe.look(entry.what)));
  }
  for (std::size_t i = 0; i < net::link_type_names.size(); ++i) {
    const auto type = static_cast<net::LinkType>(i);
    const bool waits = waits_to_be_loaded(type_entry(type).module);
    features.push_back(described(type_entry(type), waits ? Result<>() : probe.look(type)));
  }
  return features;
}

}  // namespace hopyard::kernel
