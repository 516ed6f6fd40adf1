#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "kernel/baseline.hh"
#include "kernel/bridging.hh"
#include "kernel/real_namespace.hh"
#include "kernel/shape.hh"
#include "netlink/bridge.hh"
#include "netlink/link.hh"
#include "netlink/neighbour.hh"
#include "netlink/qdisc.hh"
#include "sys/netns.hh"

namespace hopyard::kernel {
namespace {

constexpr std::uint32_t loopback_index = 1;  // LOOPBACK_IFINDEX of the kernel's net/flow.h

netlink::Existing lowered(Existing existing) {
  return existing == Existing::Refuse ? netlink::Existing::Refuse : netlink::Existing::Replace;
}

std::uint8_t lowered(net::Route::Type type) {
  switch (type) {
    case net::Route::Type::Unreachable:
      return RTN_UNREACHABLE;
    case net::Route::Type::Blackhole:
      return RTN_BLACKHOLE;
    case net::Route::Type::Prohibit:
      return RTN_PROHIBIT;
    case net::Route::Type::Local:
      return RTN_LOCAL;
    default:
      return RTN_UNICAST;
  }
}

std::uint8_t lowered(net::Rule::Action action) {
  switch (action) {
    case net::Rule::Action::Unreachable:
      return FR_ACT_UNREACHABLE;
    case net::Rule::Action::Blackhole:
      return FR_ACT_BLACKHOLE;
    case net::Rule::Action::Prohibit:
      return FR_ACT_PROHIBIT;
    case net::Rule::Action::Goto:
      return FR_ACT_GOTO;
    case net::Rule::Action::Nop:
      return FR_ACT_NOP;
    default:
      return FR_ACT_TO_TBL;
  }
}

Result<> correct(RealKernel::Shared& shared, const Baseline& baseline) {
  if (baseline.corrections.empty()) return {};
  HOPYARD_TAKE(procfs, shared.procfs());
  for (const net::Sysctl& sysctl : baseline.corrections)
    HOPYARD_TRY(procfs->write(sysctl_path(sysctl.name), sysctl.value));
  return {};
}

}  // namespace

Result<std::unique_ptr<Namespace>> RealNamespace::create(std::shared_ptr<RealKernel::Shared> shared) {
  HOPYARD_TRY(sys::unshare_netns());
  auto inside = sys::InsideNetns::already(shared->home());
  HOPYARD_TAKE(socket, netlink::Socket::open());
  HOPYARD_TAKE(netns, sys::netns_of_socket(socket.descriptor()));
  HOPYARD_TAKE(baseline, shared->baseline(socket));
  HOPYARD_TRY(correct(*shared, *baseline));
  auto made = std::make_unique<RealNamespace>(std::move(shared), std::move(netns), baseline->first_index,
                                              std::move(socket));
  HOPYARD_TRY(netlink::set_link_state(made->channel_->batch, loopback_index, true));
  made->visit_.emplace(std::move(inside));
  return std::unique_ptr<Namespace>(std::move(made));
}

RealNamespace::RealNamespace(std::shared_ptr<RealKernel::Shared> shared, sys::Fd netns,
                             std::uint32_t first_index, netlink::Socket socket)
    : shared_(std::move(shared)),
      netns_(std::move(netns)),
      first_index_(first_index),
      channel_(std::make_unique<Channel>(std::move(socket))) {}

void RealNamespace::attribute_to(std::uint32_t operation) {
  operation_ = operation;
  if (channel_) channel_->batch.attribute_to(operation);
}

std::uint32_t RealNamespace::index_of(const net::Namespace& own, std::uint32_t device) const {
  if (device == net::none) return loopback_index;
  if (const auto other = renumbered_.find(device); other != renumbered_.end()) return other->second;
  return first_index_ + 2 * device + (own.devices[device].makes_pair ? 0 : 1);
}

Result<std::uint32_t> RealNamespace::index_of(const net::Namespace& own, const std::string& name) const {
  if (name.empty()) return 0;
  if (name == "lo") return loopback_index;
  for (std::uint32_t i = 0; i < own.devices.size(); ++i)
    if (own.devices[i].name == name) return index_of(own, i);
  return failure("find the interface", name, ENODEV);
}

Result<netlink::Batch*> RealNamespace::batch() {
  if (!channel_) {
    refused_ = operation_;
    HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
    HOPYARD_TAKE(socket, netlink::Socket::open());
    channel_ = std::make_unique<Channel>(std::move(socket));
    channel_->batch.attribute_to(operation_);
  }
  return &channel_->batch;
}

Result<> RealNamespace::seen(Result<> outcome) {
  if (!outcome) refused_ = channel_->batch.refused();
  return outcome;
}

Result<> RealNamespace::write_sysctl(const net::Sysctl& sysctl) {
  // What was gathered before may make the device that the setting is of; there is none in a new namespace.
  if (!visit_) HOPYARD_TRY(commit());
  refused_ = operation_;
  const std::string path = sysctl_path(sysctl.name);
  if (path.empty()) return refusal("set", sysctl.name + " is not a setting of a network namespace");
  HOPYARD_TAKE(procfs, shared_->procfs());
  if (visit_) return procfs->write(path, sysctl.value);
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
  return procfs->write(path, sysctl.value);
}

/// Where the module br_netfilter is loaded, new namespaces let the packet filter see bridged frames, whatever
/// the bridge says; where it is not, the settings are not there either.
void RealNamespace::leave_bridged_frames_alone() {
  const auto procfs = shared_->procfs();
  const auto inside = sys::InsideNetns::enter(netns_.get(), shared_->home());
  if (!procfs || !inside) return;
  for (const char* table : {"iptables", "ip6tables", "arptables"})
    (void)(*procfs)->write(std::string("sys/net/bridge/bridge-nf-call-") + table, "0");
}

Result<> RealNamespace::shape(const net::Namespace& own, std::uint32_t device,
                              const net::Impairment& impairment) {
  HOPYARD_TAKE(requests, batch());
  const std::uint32_t index = index_of(own, device);
  if (impairment.none()) return seen(netlink::remove_qdisc(*requests, index));
  if (impairment.only_rate())
    return seen(netlink::set_tbf(*requests, index, tbf_for(impairment, own.devices[device].mtu)));
  return seen(netlink::set_netem(*requests, index, netem_for(impairment)));
}

Result<> RealNamespace::set_up(const net::Namespace& own, std::uint32_t device) {
  HOPYARD_TAKE(requests, batch());
  if (device == net::none) return seen(netlink::set_link_state(*requests, loopback_index, true));
  const std::uint32_t master = own.devices[device].master;
  if (master != net::none) {
    HOPYARD_TRY(seen(netlink::set_master(*requests, index_of(own, device), index_of(own, master))));
    HOPYARD_TRY(choose_port(own, device));
    HOPYARD_TRY(batch());
  }
  // A wire that spans machines is two bridges, and passes what a wire does.
  if (own.role == net::Namespace::Role::Between && master != net::none)
    HOPYARD_TRY(seen(netlink::pass_reserved_groups(*requests, index_of(own, device))));
  // No frame may pass before the port is in its VLANs.
  HOPYARD_TRY(seen(set_port(*requests, index_of(own, device), own.devices[device].port)));
  return seen(netlink::set_link_state(*requests, index_of(own, device), true));
}

Result<> RealNamespace::set_down(const net::Namespace& own, std::uint32_t device) {
  HOPYARD_TAKE(requests, batch());
  return seen(netlink::set_link_state(*requests, index_of(own, device), false));
}

Result<> RealNamespace::add_address(const net::Namespace& own, std::uint32_t device,
                                    const InterfaceAddress& address, Existing existing) {
  HOPYARD_TAKE(requests, batch());
  HOPYARD_TRY(
      seen(netlink::add_address(*requests, index_of(own, device), address, kernel::lowered(existing))));
  // With an IPv6 address that is there the kernel restores its connected route, with an IPv4 one it does not.
  const bool restores = existing == Existing::Replace && device != net::none &&
                        address.address.family() == Family::V4 && address.length < bits(Family::V4);
  if (!restores) return {};
  HOPYARD_TRY(commit());
  netlink::Route connected;
  connected.to = address.prefix();
  connected.protocol = RTPROT_KERNEL;
  connected.source = address.address;
  connected.hops = {{std::nullopt, index_of(own, device), 1}};
  const std::uint32_t master = own.devices[device].master;
  const net::LinkSettings* link = master == net::none ? nullptr : own.devices[master].link.get();
  if (link != nullptr && link->type == net::LinkType::Vrf) connected.table = link->id;
  HOPYARD_TAKE(again, batch());
  HOPYARD_TRY(netlink::add_route(*again, connected, netlink::Existing::Refuse));
  Result<> added = commit();
  // It is there, or comes when the device goes up.
  if (!added && (added.error().code == EEXIST || added.error().code == ENETDOWN)) return {};
  return added;
}

Result<> RealNamespace::add_neighbour(const net::Namespace& own, std::uint32_t device,
                                      const net::Neighbour& neighbour) {
  HOPYARD_TAKE(requests, batch());
  return seen(netlink::add_neighbour(*requests, {index_of(own, device), neighbour.address, neighbour.mac}));
}

Result<> RealNamespace::add_route(const net::Namespace& own, const net::Route& route, Existing existing) {
  HOPYARD_TAKE(requests, batch());
  refused_ = operation_;
  HOPYARD_TAKE(request, lowered(own, route));
  return seen(netlink::add_route(*requests, request, kernel::lowered(existing)));
}

Result<netlink::Route> RealNamespace::lowered(const net::Namespace& own, const net::Route& route) const {
  netlink::Route request;
  request.to = route.to;
  request.type = kernel::lowered(route.type);
  request.table = route.table;
  request.metric = route.metric;
  request.source = route.source;
  request.hops.reserve(route.next_hops.size());
  for (const net::NextHop& hop : route.next_hops) {
    HOPYARD_TAKE(index, index_of(own, hop.device));
    request.hops.push_back({hop.via, index, hop.weight});
  }
  return request;
}

netlink::Rule RealNamespace::lowered(const net::Rule& rule) {
  netlink::Rule request;
  request.family = rule.family;
  request.action = kernel::lowered(rule.action);
  request.table = rule.table;
  request.target = rule.target;
  request.from = rule.from;
  request.to = rule.to;
  request.in_interface = rule.in_interface;
  request.out_interface = rule.out_interface;
  request.mark = rule.mark;
  request.mark_mask = rule.mark_mask;
  request.priority = rule.priority;
  return request;
}

Result<> RealNamespace::add_rule(const net::Rule& rule) {
  HOPYARD_TAKE(requests, batch());
  return seen(netlink::add_rule(*requests, lowered(rule)));
}

Result<> RealNamespace::load_ruleset(const std::string& text) {
  HOPYARD_TRY(commit());
  refused_ = operation_;
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
  return shared_->run_nftables(text);
}

Result<std::string> RealNamespace::list_rulesets() {
  HOPYARD_TRY(commit());
  refused_ = operation_;
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
  return shared_->list_rulesets();
}

Result<> RealNamespace::commit() {
  if (!channel_) return {};
  Result<> outcome = seen(channel_->batch.commit());
  if (!shared_->keep_sockets()) channel_.reset();
  return outcome;
}

Result<> RealNamespace::rest() {
  Result<> outcome = commit();
  channel_.reset();
  return outcome;
}

}  // namespace hopyard::kernel
