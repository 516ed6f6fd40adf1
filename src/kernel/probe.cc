#include "kernel/probe.hh"

#include <linux/fib_rules.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "kernel/nftables.hh"
#include "kernel/page_merging.hh"
#include "netlink/bridge.hh"
#include "netlink/generic.hh"
#include "netlink/link.hh"
#include "netlink/qdisc.hh"
#include "netlink/route.hh"
#include "sys/procfs.hh"
#include "sys/tap.hh"

namespace hopyard::kernel {
namespace {

constexpr std::uint32_t loopback_index = 1;

Result<> look_for_ipv6() {
  const sys::Fd socket(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return failure("open an IPv6 socket", "", errno);
  return {};
}

Result<> look_for_ovs_datapath() {
  HOPYARD_TAKE(socket, netlink::Socket::open_generic());
  HOPYARD_TAKE(family, netlink::generic_family(socket, "ovs_datapath"));
  (void)family;
  return {};
}

Result<> look_for_nftables(const char* ruleset) {
  HOPYARD_TAKE(nftables, Nftables::load());
  return nftables->run(ruleset);
}

}  // namespace

Result<> Probe::enter_scratch() {
  if (inside_) return {};
  HOPYARD_TAKE(home, sys::current_netns());
  home_ = std::move(home);
  HOPYARD_TRY(sys::unshare_netns());
  inside_.emplace(sys::InsideNetns::already(home_.get()));
  HOPYARD_TAKE(socket, netlink::Socket::open());
  socket_ = std::move(socket);
  netlink::Batch batch(*socket_);
  HOPYARD_TRY(netlink::set_link_state(batch, loopback_index, true));
  return batch.commit();
}

Result<> Probe::look(What what) {
  switch (what) {
    case What::Veth:
      return look_for_kind("veth");
    case What::Bridge:
      return look_for_kind("bridge");
    case What::Ipv6:
      return look_for_ipv6();
    case What::PageMerging:
      return check_page_merging();
    case What::Mpls:
      return look_for_mpls();
    case What::OvsDatapath:
      return look_for_ovs_datapath();
    case What::Tun:
      return sys::check_tun();
    default:
      break;
  }
  HOPYARD_TRY(enter_scratch());
  return look_in_scratch(what);
}

Result<> Probe::look_for_mpls() {
  // Asking for a socket of the family loads the module (net-pf-28, mpls_router), and ends in an error in any
  // case: it has no sockets.
  const sys::Fd nothing(::socket(AF_MPLS, SOCK_RAW | SOCK_CLOEXEC, 0));
  HOPYARD_TAKE(procfs, sys::Procfs::open());
  HOPYARD_TAKE(value, procfs.read("sys/net/mpls/platform_labels"));
  return {};
}

Result<> Probe::look(net::LinkType type) {
  if (type == net::LinkType::Tun || type == net::LinkType::Tap) return sys::check_tun();
  HOPYARD_TRY(enter_scratch());
  const std::string kind(net::link_type_name(type));
  netlink::Batch batch(*socket_);
  const std::string name = "p-" + kind;
  HOPYARD_TRY(netlink::create_device(batch, {kind, name, {}}, {}));
  const Result<> made = batch.commit();
  // All other refusals are about what the request does not say, and come from the type itself.
  return made || made.error().code != EOPNOTSUPP ? Result<>() : made;
}

Result<> Probe::look_in_scratch(What what) {
  switch (what) {
    case What::Multipath:
      return look_for_multipath();
    case What::Rules:
      return look_for_rules(false);
    case What::Rules6:
      return look_for_rules(true);
    case What::Tbf:
      return look_for_tbf();
    case What::Netem:
      return look_for_netem(false);
    case What::NetemSeed:
      return look_for_netem(true);
    case What::VlanFiltering:
      return look_for_vlan_filtering();
    case What::NftablesFib:
      return look_for_nftables("table inet hopyard_probe { chain local { fib daddr type local; }; }");
    default:
      return look_for_nftables("table inet hopyard_probe { }");
  }
}

Result<> Probe::look_for_kind(const char* kind) {
  if (!socket_) {
    HOPYARD_TAKE(socket, netlink::Socket::open());
    socket_ = std::move(socket);
  }
  netlink::Batch batch(*socket_);
  HOPYARD_TRY(netlink::probe_kind(batch, kind));
  return batch.commit();
}

Result<> Probe::look_for_multipath() {
  netlink::Route route;
  route.to = *Prefix::parse("192.0.2.0/24");
  route.hops = {{std::nullopt, loopback_index, 1}, {std::nullopt, loopback_index, 1}};
  netlink::Batch batch(*socket_);
  HOPYARD_TRY(netlink::add_route(batch, route, netlink::Existing::Replace));
  return batch.commit();
}

Result<> Probe::look_for_rules(bool six) {
  netlink::Rule rule;
  rule.family = six ? Family::V6 : Family::V4;
  rule.priority = 1000;
  netlink::Batch batch(*socket_);
  HOPYARD_TRY(netlink::add_rule(batch, rule));
  return batch.commit();
}

Result<> Probe::look_for_tbf() {
  netlink::Batch batch(*socket_);
  HOPYARD_TRY(netlink::set_tbf(batch, loopback_index, {125000, 10000, 100000}));
  return batch.commit();
}

Result<> Probe::look_for_vlan_filtering() {
  constexpr std::uint32_t free_index = 1000;
  constexpr std::uint16_t some_vlan = 2;
  netlink::NewBridge bridge;
  bridge.name = "hopyard-probe";
  bridge.index = free_index;
  bridge.filters = true;
  netlink::Batch batch(*socket_);
  HOPYARD_TRY(netlink::create_bridge(batch, bridge));
  HOPYARD_TRY(batch.commit());
  // Some kernels pass over the settings of a new bridge that they lack; VLANs they refuse.
  HOPYARD_TRY(netlink::add_port_vlan(batch, free_index, {some_vlan, false}, netlink::Of::Bridge));
  Result<> outcome = batch.commit();
  HOPYARD_TRY(netlink::remove_link(batch, free_index));
  HOPYARD_TRY(batch.commit());
  return outcome;
}

Result<> Probe::look_for_netem(bool seeded) {
  netlink::Netem netem;
  netem.latency = 1000000;
  if (seeded) netem.seed = 1;
  netlink::Batch batch(*socket_);
  HOPYARD_TRY(netlink::set_netem(batch, loopback_index, netem));
  HOPYARD_TRY(batch.commit());
  if (!seeded) return {};
  // An older kernel passes over the seed without a word; only a newer one gives it back.
  HOPYARD_TAKE(qdiscs, netlink::list_qdiscs(*socket_));
  const bool kept = std::any_of(qdiscs.begin(), qdiscs.end(), [](const netlink::QdiscInfo& qdisc) {
    return qdisc.index == loopback_index && qdisc.seed == 1U;
  });
  return kept ? Result<>() : refusal("seed the network emulator", "it does not keep the seed");
}

}  // namespace hopyard::kernel
