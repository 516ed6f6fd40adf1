#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/hash.hh"
#include "language/draft.hh"
#include "language/kinds.hh"
#include "language/pool.hh"

namespace hopyard::language {
namespace {

using lab::End;

constexpr std::string_view uplink_name =
    "uplink";                         // of the node that `uplink: true` leads to, and of the interface
constexpr unsigned subnet_bits = 20;  // of 100.64.0.0/10, in subnets of 30 bits

bool is_nat(const Draft& draft, const End& end) {
  return end.to == End::To::Node && draft.lab.nodes[end.index].kind == lab::Kind::External &&
         draft.lab.nodes[end.index].external.by == lab::External::By::Nat;
}

/// Prefixes for the wires between nodes and the host: out of what providers use behind their own translation
/// (RFC 6598) and of unique local addresses (RFC 4193), derived from the names, so that two labs on one host
/// rarely meet.
class Prefixes {
 public:
  explicit Prefixes(std::string_view lab) {
    Hash hash;
    hash.add(lab);
    site_ = hash.value() & ((std::uint64_t{1} << 36U) - 1);
  }
  std::vector<Prefix> take(std::string_view lab, std::string_view node) {
    Hash hash;
    hash.add(lab);
    hash.add(node);
    auto number = static_cast<std::uint32_t>(hash.value() & ((1U << subnet_bits) - 1));
    while (!taken_.insert(number).second) number = (number + 1) & ((1U << subnet_bits) - 1);
    const IpAddress four = IpAddress::v4((100U << 24U | 64U << 16U) + (number << 2U));
    const Number six = Number{0xFD} << 120U | Number{site_} << 84U | Number{number} << 64U;
    return {Prefix::of(four, 30), Prefix::of(to_address(Family::V6, six), 64)};
  }

 private:
  std::uint64_t site_ = 0;
  std::unordered_set<std::uint32_t> taken_;
};

/// The node that stands for the host, made when the first node with an uplink needs it.
std::optional<std::uint32_t> host_of(Draft& draft, Span at, std::optional<std::uint32_t>& made) {
  if (made) return made;
  bool fresh = false;
  const auto index = draft.node(Text{uplink_name, at}, &fresh);
  if (!index) return std::nullopt;
  if (!fresh) {
    draft.context.report.error(at, fmt::format("'{}' is a node already", uplink_name),
                               "give that node another name: this one is the host's, where uplinks lead");
    return std::nullopt;
  }
  lab::Node& host = draft.lab.nodes[*index];
  host.kind = lab::Kind::External;
  host.external.by = lab::External::By::Nat;
  made = index;
  return made;
}

}  // namespace

void read_uplink(Values& values, const Yaml& value, NodeDraft& into) {
  into.ways_in.clear();
  if (value.is_map()) {
    into.uplink = value.at;
    values.each_key(value, uplink_object, [&](const Object::Found&, const Yaml& one) {
      into.ways_in = read_forwards(values, one);
    });
    return;
  }
  into.uplink = read_truth(values, value, "'uplink'").value_or(false) ? value.at : Span{};
}

void add_uplinks(Draft& draft) {
  std::optional<std::uint32_t> host;
  const auto nodes = static_cast<std::uint32_t>(draft.nodes.size());
  for (std::uint32_t node = 0; node < nodes; ++node) {
    const Span at = draft.nodes[node].uplink;
    if (!at.known() || !host_of(draft, at, host)) continue;
    lab::Link& link = draft.lab.links.emplace_back();
    link.ends[0] = {End::To::Node, node, lab::none};
    link.ends[1] = {End::To::Node, *host, lab::none};
    link.at = at;
    draft.links.emplace_back().interfaces[0] = {uplink_name, at};
  }
  Prefixes prefixes(draft.lab.name);
  for (std::size_t i = 0; i < draft.links.size(); ++i)
    for (int end = 0; end < 2; ++end)
      if (const End& other = draft.lab.links[i].ends[1 - end]; is_nat(draft, draft.lab.links[i].ends[end]) &&
                                                               other.to == End::To::Node &&
                                                               draft.links[i].subnets.empty())
        draft.links[i].subnets = prefixes.take(draft.lab.name, draft.lab.nodes[other.index].name);
}

namespace {

/// Another address of the prefix that @p taken is in.
std::optional<InterfaceAddress> beside(const InterfaceAddress& taken) {
  const auto [first, last] = host_range(taken.prefix());
  for (Number number = first; number <= last && number <= first + 1; ++number)
    if (const IpAddress address = to_address(taken.address.family(), number); address != taken.address)
      return InterfaceAddress{address, taken.length};
  return std::nullopt;
}

bool has_default(const lab::Node& node, Family family) {
  return std::ranges::any_of(node.routes, [&](const net::Route& route) {
    return route.to.length == 0 && route.to.family() == family && route.table == net::Route{}.table;
  });
}

void lead_out(lab::Node& node, const lab::Interface& own, lab::Interface& hosts) {
  for (const InterfaceAddress& one : own.addresses) {
    const auto host = beside(one);
    if (!host) continue;
    hosts.addresses.push_back(*host);
    if (has_default(node, one.address.family())) continue;
    net::Route& route = node.routes.emplace_back();
    if (one.address.family() == Family::V6) route.to = *Prefix::parse("::/0");
    route.next_hops.push_back({host->address, own.name, 1});
  }
  if (std::ranges::find(node.nat_out, own.name) == node.nat_out.end()) node.nat_out.push_back(own.name);
}

/// A port of the host leads to the node, and the node leads it on.
void lead_in(Draft& draft, std::uint32_t node, const lab::Interface& own, lab::Node& host) {
  std::vector<lab::Forward>& forwards = draft.lab.nodes[node].forwards;
  auto ways_in = std::exchange(draft.nodes[node].ways_in, {});  // they are of one link, if there are several
  for (lab::Forward& one : resolve_forwards(draft, node, ways_in)) {
    const auto same = [&](const lab::Forward& other) {
      return other.protocol == one.protocol && other.port == one.port;
    };
    if (std::ranges::any_of(forwards, same) || std::ranges::any_of(host.forwards, same)) {
      draft.context.report.error(draft.nodes[node].uplink,
                                 fmt::format("port {} is forwarded twice", one.port),
                                 "a port of the host, and of the node that it leads to, leads to one place");
      continue;
    }
    lab::Forward& here = host.forwards.emplace_back(one);
    here.to.clear();
    here.to_port = one.port;
    for (const InterfaceAddress& address : own.addresses)
      if (std::ranges::any_of(one.to,
                              [&](const IpAddress& to) { return to.family() == address.address.family(); }))
        here.to.push_back(address.address);
    forwards.push_back(std::move(one));
  }
}

}  // namespace

void finish_uplinks(Draft& draft) {
  for (const lab::Link& link : draft.lab.links)
    for (int end = 0; end < 2; ++end) {
      const End& host = link.ends[end];
      const End& other = link.ends[1 - end];
      if (!is_nat(draft, host) || other.to != End::To::Node) continue;
      lab::Node& node = draft.lab.nodes[other.index];
      if (lab::is_layer_two(node.kind)) continue;
      lead_out(node, node.interfaces[other.interface],
               draft.lab.nodes[host.index].interfaces[host.interface]);
      lead_in(draft, other.index, node.interfaces[other.interface], draft.lab.nodes[host.index]);
    }
}

}  // namespace hopyard::language
