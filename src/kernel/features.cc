#include "kernel/features.hh"

#include <fmt/format.h>
#include <algorithm>
#include <bitset>

#include "kernel/probe.hh"

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
    {Probe::What::Bridge, "Ethernet bridge", "CONFIG_BRIDGE", "bridge", "no networks, switches or hubs"},
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
    {Probe::What::PageMerging, "page merging (KSM)", "CONFIG_KSM of Linux 6.7 or later", nullptr,
     "no memory: merge"},
};

using Needs = std::bitset<static_cast<std::size_t>(Probe::What::PageMerging) + 1>;

void add(Needs& needs, Probe::What what) {
  needs.set(static_cast<std::size_t>(what));
}

void add_impairment(Needs& needs, const net::Impairment& impairment) {
  if (impairment.none()) return;
  add(needs, impairment.only_rate() ? Probe::What::Tbf : Probe::What::Netem);
  if (impairment.seed) add(needs, Probe::What::NetemSeed);
}

void add_device(Needs& needs, const net::Device& device) {
  add(needs, device.kind == net::Device::Kind::Bridge ? Probe::What::Bridge : Probe::What::Veth);
  for (const InterfaceAddress& address : device.addresses)
    if (address.address.family() == Family::V6) add(needs, Probe::What::Ipv6);
  add_impairment(needs, device.egress);
}

Needs needs_of(const net::Desired& desired) {
  Needs needs;
  for (const net::Namespace& ns : desired.namespaces) {
    for (const net::Device& device : ns.devices) add_device(needs, device);
    for (const net::Route& route : ns.routes)
      if (route.next_hops.size() > 1) add(needs, Probe::What::Multipath);
    for (const net::Rule& rule : ns.rules)
      add(needs, rule.family == Family::V4 ? Probe::What::Rules : Probe::What::Rules6);
    for (const std::string& ruleset : ns.rulesets) {
      add(needs, Probe::What::Nftables);
      if (ruleset.find(" fib ") != std::string::npos) add(needs, Probe::What::NftablesFib);
    }
  }
  return needs;
}

Feature described(const Entry& entry, const Result<>& found) {
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

Result<> check(const Needs& needs, const char* doing) {
  Probe probe;
  for (const Entry& entry : entries) {
    if (!needs.test(static_cast<std::size_t>(entry.what))) continue;
    const Result<> found = probe.look(entry.what);
    if (found) continue;
    const Feature feature = described(entry, found);
    return failure(doing, "", 0,
                   fmt::format("this kernel lacks: {} ({}); the kernel says: {}", feature.name,
                               feature.meaning, feature.words),
                   feature.remedy);
  }
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
  for (const Entry& entry : entries) features.push_back(described(entry, probe.look(entry.what)));
  return features;
}

}  // namespace hopyard::kernel
