#include "kernel/observed.hh"

#include <linux/fib_rules.h>
#include <linux/pkt_sched.h>

#include <algorithm>

#include "kernel/baseline.hh"
#include "kernel/snapshot.hh"
#include "net/rules.hh"
#include "netlink/batch.hh"
#include "netlink/neighbour.hh"
#include "netlink/qdisc.hh"
#include "netlink/route.hh"
#include "netlink/socket.hh"
#include "sys/file.hh"
#include "sys/netns.hh"

namespace hopyard::kernel {
namespace {

constexpr std::uint64_t bits_per_byte = 8;

net::Rule::Action action_of(std::uint8_t action) {
  switch (action) {
    case FR_ACT_UNREACHABLE:
      return net::Rule::Action::Unreachable;
    case FR_ACT_BLACKHOLE:
      return net::Rule::Action::Blackhole;
    case FR_ACT_PROHIBIT:
      return net::Rule::Action::Prohibit;
    case FR_ACT_GOTO:
      return net::Rule::Action::Goto;
    case FR_ACT_NOP:
      return net::Rule::Action::Nop;
    default:
      return net::Rule::Action::Lookup;
  }
}

net::Rule seen(netlink::Rule&& info) {
  net::Rule rule;
  rule.family = info.family;
  rule.action = action_of(info.action);
  rule.table = info.table;
  rule.target = info.target;
  rule.from = info.from;
  rule.to = info.to;
  rule.in_interface = std::move(info.in_interface);
  rule.out_interface = std::move(info.out_interface);
  rule.mark = info.mark;
  rule.mark_mask = info.mark_mask;
  rule.priority = info.priority;
  return rule;
}

net::SeenEgress seen(const netlink::QdiscInfo& info) {
  net::SeenEgress egress{info.index, info.kind, {}};
  const netlink::Netem& netem = info.netem;
  egress.does.delay = std::chrono::nanoseconds(netem.latency);
  egress.does.jitter = std::chrono::nanoseconds(netem.jitter);
  egress.does.loss = netem.loss;
  egress.does.corrupt = netem.corrupt;
  egress.does.duplicate = netem.duplicate;
  egress.does.reorder = netem.reorder;
  egress.does.rate = bits_per_byte * (info.kind == "tbf" ? info.rate : netem.rate);
  egress.does.limit = netem.limit;
  egress.does.seed = info.seed;
  return egress;
}

Result<> read_network(netlink::Socket& socket, net::Observed& observed) {
  HOPYARD_TAKE(qdiscs, netlink::list_qdiscs(socket));
  for (const netlink::QdiscInfo& one : qdiscs)
    if (one.parent == TC_H_ROOT && one.handle != 0) observed.egresses.push_back(seen(one));
  HOPYARD_TAKE(neighbours, netlink::list_permanent_neighbours(socket));
  for (const netlink::Neighbour& one : neighbours)
    observed.neighbours.push_back({one.index, {one.address, one.mac}});
  HOPYARD_TAKE(rules, netlink::list_rules(socket));
  for (netlink::Rule& one : rules) observed.rules.push_back(seen(std::move(one)));
  return {};
}

}  // namespace

Result<net::Observed> observe(const net::Namespace& own, const Namespace& ns) {
  HOPYARD_TAKE(home, sys::current_netns());
  net::Observed observed;
  HOPYARD_TAKE(snapshot, take_snapshot(ns.descriptor(), home.get()));
  observed.snapshot = std::move(snapshot);
  for (std::uint32_t device = 0; device < own.devices.size(); ++device)
    observed.numbers.push_back(ns.number_of(own, device));
  HOPYARD_TAKE(sysctls, read_sysctls(own, ns));
  observed.sysctls = std::move(sysctls);
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(ns.descriptor(), home.get()));
  HOPYARD_TAKE(socket, netlink::Socket::open());
  HOPYARD_TRY(read_network(socket, observed));
  return observed;
}

Result<std::optional<RuleInTheWay>> rule_in_the_way(const net::Rule& wanted, const net::Namespace& own,
                                                    const Namespace& ns, std::span<const net::Rule> gone) {
  HOPYARD_TAKE(home, sys::current_netns());
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(ns.descriptor(), home.get()));
  HOPYARD_TAKE(socket, netlink::Socket::open());
  HOPYARD_TAKE(listed, netlink::list_rules(socket));
  std::vector<net::Rule> all;
  for (const netlink::Rule& one : listed) all.push_back(seen(netlink::Rule(one)));
  for (const net::Rule& one : gone) {
    const auto found = std::ranges::find(all, one);
    if (found == all.end()) continue;
    listed.erase(listed.begin() + (found - all.begin()));
    all.erase(found);
  }
  const std::size_t instead = net::in_place_of(wanted, own, all);
  if (instead == all.size()) return std::nullopt;
  // The kernel cannot be told which one: it may take one of the lab's for it.
  const auto taken = std::ranges::find_if(
      listed, [&](const netlink::Rule& one) { return netlink::fits(listed[instead], one); });
  if (taken != listed.begin() + static_cast<std::ptrdiff_t>(instead)) return std::nullopt;
  return RuleInTheWay{std::move(all[instead]), std::move(listed[instead])};
}

Result<> remove_rule(const RuleInTheWay& rule, const Namespace& ns) {
  HOPYARD_TAKE(home, sys::current_netns());
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(ns.descriptor(), home.get()));
  HOPYARD_TAKE(socket, netlink::Socket::open());
  netlink::Batch requests(socket);
  HOPYARD_TRY(netlink::remove_rule(requests, rule.listed));
  return requests.commit();
}

Result<std::vector<std::optional<std::string>>> read_sysctls(const net::Namespace& own, const Namespace& ns) {
  std::vector<std::optional<std::string>> values;
  if (own.sysctls.empty()) return values;
  HOPYARD_TAKE(home, sys::current_netns());
  // Not an instance of its own: to end one takes the kernel tens of milliseconds (namespace_unlock()).
  HOPYARD_TAKE(proc, sys::open_folder(sys::here(), "/proc"));
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(ns.descriptor(), home.get()));
  for (const net::Sysctl& sysctl : own.sysctls) {
    auto value = sys::read_file(proc.get(), sysctl_path(sysctl.name));
    if (value && value->ends_with('\n')) value->pop_back();
    values.push_back(value ? std::optional(std::move(*value)) : std::nullopt);
  }
  return values;
}

}  // namespace hopyard::kernel
