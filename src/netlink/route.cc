#include "netlink/route.hh"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"
#include "netlink/family.hh"

namespace hopyard::netlink {
namespace {

/// The gateway of a hop: RTA_GATEWAY, or RTA_VIA where it is of the other family (RFC 5549 routes).
void put_gateway(Batch& batch, const IpAddress& via, Family family) {
  if (via.family() == family) {
    batch.put_address(RTA_GATEWAY, via);
    return;
  }
  std::array<std::uint8_t, sizeof(std::uint16_t) + 16> bytes{};
  const std::uint16_t kernel = kernel_family(via.family());
  std::memcpy(bytes.data(), &kernel, sizeof kernel);
  std::memcpy(bytes.data() + sizeof kernel, via.data(), via.size());
  batch.put(RTA_VIA, bytes.data(), sizeof kernel + via.size());
}

void put_multipath(Batch& batch, const Route& route) {
  const std::size_t nest = batch.open_plain(RTA_MULTIPATH);
  for (const Hop& hop : route.hops) {
    rtnexthop head{};
    head.rtnh_hops = static_cast<std::uint8_t>(hop.weight - 1);
    head.rtnh_ifindex = static_cast<int>(hop.index);
    const std::size_t at = batch.put_raw(&head, sizeof head);
    if (hop.via) put_gateway(batch, *hop.via, route.to.family());
    batch.patch_u16(at, static_cast<std::uint16_t>(batch.size() - at));
  }
  // Here the nesting flag is not a matter of taste: the kernel's strict parsers take RTA_MULTIPATH without it
  // only.
  batch.patch_u16(nest + offsetof(nlattr, nla_type), RTA_MULTIPATH);
  batch.close(nest);
}

/// IPv4 wants to be told how far a route reaches; IPv6 does not look.
std::uint8_t scope_of(const Route& route) {
  if (route.type == RTN_LOCAL || route.type == RTN_NAT) return RT_SCOPE_HOST;
  const bool on_link =
      std::all_of(route.hops.begin(), route.hops.end(), [](const Hop& hop) { return !hop.via; });
  return route.type == RTN_UNICAST && on_link ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

std::optional<IpAddress> read_gateway(const Attribute& gateway, const Attribute& via, Family family) {
  if (gateway.present()) return gateway.address(family);
  const auto other = via.as<std::uint16_t>();
  if (!other) return std::nullopt;
  const auto known = known_family(static_cast<std::uint8_t>(*other));
  return known ? Attribute(via.payload().subspan(sizeof *other)).address(*known) : std::nullopt;
}

void read_multipath(std::span<const char> bytes, Route& route) {
  while (bytes.size() >= sizeof(rtnexthop)) {
    rtnexthop head;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.rtnh_len < sizeof head || head.rtnh_len > bytes.size()) return;
    const AttributeTable<RTA_VIA> table(bytes.subspan(sizeof head, head.rtnh_len - sizeof head));
    route.hops.push_back({read_gateway(table[RTA_GATEWAY], table[RTA_VIA], route.to.family()),
                          static_cast<std::uint32_t>(head.rtnh_ifindex),
                          static_cast<std::uint16_t>(head.rtnh_hops + 1)});
    const std::size_t step = RTNH_ALIGN(head.rtnh_len);
    if (step >= bytes.size()) return;
    bytes = bytes.subspan(step);
  }
}

void read_hops(const AttributeTable<RTA_NH_ID>& table, Route& route) {
  route.nexthop = table[RTA_NH_ID].as<std::uint32_t>().value_or(0);
  if (table[RTA_MULTIPATH].present()) return read_multipath(table[RTA_MULTIPATH].payload(), route);
  Hop hop;
  hop.via = read_gateway(table[RTA_GATEWAY], table[RTA_VIA], route.to.family());
  hop.index = table[RTA_OIF].as<std::uint32_t>().value_or(0);
  // Where the kernel is told not to repeat what the nexthop object says (nexthop_compat_mode), nothing is
  // here.
  if (route.nexthop != 0 && !hop.via && hop.index == 0) return;
  // Unreachable IPv6 routes come with the index of lo; they lead nowhere all the same.
  if (route.type == RTN_UNICAST || route.type == RTN_LOCAL) route.hops.push_back(hop);
}

/// Of both kinds of message.
std::optional<Route> read_any_route(const nlmsghdr& message) {
  const auto parts = split<rtmsg>(message);
  if (!parts) return std::nullopt;
  const auto family = known_family(parts->header.rtm_family);
  if (!family || parts->header.rtm_dst_len > bits(*family)) return std::nullopt;
  const AttributeTable<RTA_NH_ID> table(parts->attributes);
  Route route;
  const IpAddress any = IpAddress::from_bytes(*family, std::array<std::uint8_t, 16>{}.data());
  route.to = Prefix::of(table[RTA_DST].address(*family).value_or(any), parts->header.rtm_dst_len);
  route.type = parts->header.rtm_type;
  route.protocol = parts->header.rtm_protocol;
  route.table = table[RTA_TABLE].as<std::uint32_t>().value_or(parts->header.rtm_table);
  route.metric = table[RTA_PRIORITY].as<std::uint32_t>().value_or(0);
  route.source = table[RTA_PREFSRC].address(*family);
  route.cached = (parts->header.rtm_flags & RTM_F_CLONED) != 0;
  read_hops(table, route);
  return route;
}

}  // namespace

Result<> add_route(Batch& batch, const Route& route, Existing existing) {
  HOPYARD_TRY(batch.begin(RTM_NEWROUTE, create_flags(existing)));
  rtmsg header{};
  header.rtm_family = kernel_family(route.to.family());
  header.rtm_dst_len = route.to.length;
  // Tables above 255 are named by the attribute alone.
  header.rtm_table =
      route.table < 256 ? static_cast<std::uint8_t>(route.table) : std::uint8_t{RT_TABLE_UNSPEC};
  header.rtm_protocol = route.protocol;
  header.rtm_scope = scope_of(route);
  header.rtm_type = route.type;
  batch.put_header(header);
  if (route.to.length != 0) batch.put_address(RTA_DST, route.to.address);
  batch.put_u32(RTA_TABLE, route.table);
  if (route.metric != 0) batch.put_u32(RTA_PRIORITY, route.metric);
  if (route.source) batch.put_address(RTA_PREFSRC, *route.source);
  if (route.hops.size() > 1) {
    put_multipath(batch, route);
  } else if (!route.hops.empty()) {
    if (route.hops[0].via) put_gateway(batch, *route.hops[0].via, route.to.family());
    if (route.hops[0].index != 0) batch.put_u32(RTA_OIF, route.hops[0].index);
  }
  return {};
}

std::optional<Route> read_route(const nlmsghdr& message) {
  return message.nlmsg_type == RTM_NEWROUTE ? read_any_route(message) : std::nullopt;
}

std::optional<RouteNotice> read_route_notice(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWROUTE && message.nlmsg_type != RTM_DELROUTE) return std::nullopt;
  auto route = read_any_route(message);
  if (!route) return std::nullopt;
  using Kind = RouteNotice::Kind;
  const Kind kind = message.nlmsg_type == RTM_DELROUTE           ? Kind::Removed
                    : (message.nlmsg_flags & NLM_F_REPLACE) != 0 ? Kind::Replaced
                                                                 : Kind::Added;
  return RouteNotice{kind, std::move(*route)};
}

Result<std::vector<Route>> list_routes(Socket& socket) {
  HOPYARD_TAKE(routes, list(socket, RTM_GETROUTE, rtmsg{}, read_route));
  std::erase_if(routes, [](const Route& route) { return route.cached; });
  return routes;
}

}  // namespace hopyard::netlink
