#include "observe/route_table.hh"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <ranges>

#include "netlink/attributes.hh"
#include "netlink/link.hh"

namespace hopyard::observe {
namespace {

using netlink::Route;

/// Whether the two are the same to whoever sends by them: the number of a nexthop object says nothing.
bool same(Route one, const Route& other) {
  one.nexthop = other.nexthop;
  return one == other;
}

bool has_gateway(const Route& route) {
  return std::ranges::any_of(route.hops, [](const netlink::Hop& hop) { return hop.via.has_value(); });
}

bool has(const std::vector<Route>& routes, const Route& route) {
  return std::ranges::any_of(routes, [&](const Route& one) { return same(one, route); });
}

bool takes_ipv4_address(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_DELADDR) return false;
  const auto parts = netlink::split<ifaddrmsg>(message);
  return parts && parts->header.ifa_family == AF_INET;
}

}  // namespace

RouteChange RouteTable::change(bool added, bool replaced, const Route& route) const {
  return {added, replaced, kernel::seen_route(route, links_)};
}

std::vector<RouteChange> RouteTable::reset(RouteReading reading) {
  Changes changes;
  // The names of devices that are gone are still needed for the routes that went with them.
  for (auto& [index, name] : reading.links) links_.insert_or_assign(index, std::move(name));
  nexthops_ = std::move(reading.nexthops);
  std::map<Key, std::vector<Route>> now;
  for (Route& route : reading.routes) {
    netlink::resolve(route, nexthops_);
    now[key_of(route)].push_back(std::move(route));
  }
  for (const auto& [key, routes] : routes_)
    for (const Route& route : routes)
      if (const auto left = now.find(key); left == now.end() || !has(left->second, route))
        changes.push_back(change(false, left != now.end(), route));
  for (const auto& [key, routes] : now)
    for (const Route& route : routes)
      if (const auto before = routes_.find(key); before == routes_.end() || !has(before->second, route))
        changes.push_back(change(true, before != routes_.end(), route));
  routes_ = std::move(now);
  doubtful_ = false;
  return changes;
}

std::vector<RouteChange> RouteTable::apply(const nlmsghdr& message) {
  Changes changes;
  if (auto notice = netlink::read_route_notice(message)) {
    using Kind = netlink::RouteNotice::Kind;
    if (notice->route.cached) return changes;
    netlink::resolve(notice->route, nexthops_);
    if (notice->kind == Kind::Removed)
      remove(notice->route, changes);
    else
      add(std::move(notice->route), notice->kind == Kind::Replaced, changes);
  } else if (const auto nexthop = netlink::read_nexthop_notice(message)) {
    take_nexthop(*nexthop);
  } else if (message.nlmsg_type == RTM_NEWLINK || message.nlmsg_type == RTM_DELLINK) {
    take_link(message);
  } else if (takes_ipv4_address(message)) {
    doubtful_ = true;
  }
  return changes;
}

void RouteTable::add(Route route, bool replaces, Changes& changes) {
  std::vector<Route>& there = routes_[key_of(route)];
  // A reading may already have what a notification from before it tells.
  if (has(there, route)) return;
  if (replaces && there.size() == 1) return replace(there.front(), std::move(route), changes);
  if (replaces && there.size() > 1) {
    doubtful_ = true;
    return;
  }
  if (route.to.family() == Family::V6 && has_gateway(route)) {
    // One more next hop of the same destination: the kernel tells the whole of them.
    const auto sibling = std::ranges::find_if(there, has_gateway);
    if (sibling != there.end()) return replace(*sibling, std::move(route), changes);
  }
  changes.push_back(change(true, !there.empty(), route));
  there.push_back(std::move(route));
}

void RouteTable::replace(Route& old, Route route, Changes& changes) {
  changes.push_back(change(false, true, old));
  changes.push_back(change(true, true, route));
  old = std::move(route);
}

void RouteTable::remove(const Route& route, Changes& changes) {
  const auto found = routes_.find(key_of(route));
  if (found == routes_.end()) return;
  auto& there = found->second;
  const auto which = std::ranges::find_if(there, [&](const Route& one) { return same(one, route); });
  if (which == there.end()) {
    doubtful_ = true;
    return;
  }
  changes.push_back(change(false, there.size() > 1, *which));
  there.erase(which);
  if (there.empty()) routes_.erase(found);
}

void RouteTable::take_link(const nlmsghdr& message) {
  const auto parts = netlink::split<ifinfomsg>(message);
  if (!parts) return;
  const auto index = static_cast<std::uint32_t>(parts->header.ifi_index);
  if (const auto link = netlink::read_link(message)) links_.insert_or_assign(index, link->name);
  const bool up = message.nlmsg_type == RTM_NEWLINK && (parts->header.ifi_flags & IFF_UP) != 0;
  if (!up && leaves_by(index)) doubtful_ = true;
}

void RouteTable::take_nexthop(const netlink::NexthopNotice& notice) {
  const std::uint32_t id = notice.nexthop.id;
  const auto known = nexthops_.find(id);
  const bool same_as_known = !notice.removed && known != nexthops_.end() && known->second == notice.nexthop;
  if (!same_as_known && goes_by(id)) doubtful_ = true;
  if (notice.removed)
    nexthops_.erase(id);
  else
    nexthops_.insert_or_assign(id, notice.nexthop);
}

bool RouteTable::goes_by(std::uint32_t nexthop) const {
  const auto uses = [&](const Route& route) {
    if (route.nexthop == nexthop) return true;
    const auto group = nexthops_.find(route.nexthop);
    return route.nexthop != 0 && group != nexthops_.end() &&
           std::ranges::any_of(group->second.members,
                               [&](const auto& member) { return member.first == nexthop; });
  };
  return std::ranges::any_of(routes_ | std::views::values | std::views::join, uses);
}

bool RouteTable::leaves_by(std::uint32_t link) const {
  const auto uses = [link](const Route& route) {
    return std::ranges::any_of(route.hops, [link](const netlink::Hop& hop) { return hop.index == link; });
  };
  return std::ranges::any_of(routes_ | std::views::values | std::views::join, uses);
}

std::vector<net::SeenRoute> RouteTable::routes() const {
  std::vector<net::SeenRoute> all;
  for (const Route& route : routes_ | std::views::values | std::views::join)
    all.push_back(kernel::seen_route(route, links_));
  return all;
}

}  // namespace hopyard::observe
