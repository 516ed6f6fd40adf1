#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "kernel/seen.hh"
#include "net/snapshot.hh"
#include "netlink/nexthop.hh"

namespace hopyard::observe {

/// A route that came or went.
struct RouteChange {
  bool added = false;
  /// There is a route of the same destination, table and metric before (when added) or after (when not), so
  /// that the destination was never without one.
  bool replaced = false;
  net::SeenRoute route;
};

/// All that has to be read to know a namespace's routes.
struct RouteReading {
  kernel::LinkNames links;
  netlink::Nexthops nexthops;
  std::vector<netlink::Route> routes;
};

/// The routes of one namespace, kept up by what the kernel tells (rtnetlink(7)). The kernel does not tell
/// all: IPv4 routes that go with a device, with a source address or with a nexthop object go without a word,
/// and of IPv6 ones of several next hops only a part is named. Then the table is doubtful and has to be read
/// anew. Makes no system call.
class RouteTable {
 public:
  /// Takes @p reading for the truth. @return in what it differs from before.
  std::vector<RouteChange> reset(RouteReading reading);
  /// Takes one notification: of routes, links, addresses or nexthop objects; others are passed over.
  std::vector<RouteChange> apply(const nlmsghdr& message);
  /// True from a notification after which the table may be wrong until the next reset().
  [[nodiscard]] bool doubtful() const { return doubtful_; }
  /// A notification was lost.
  void doubt() { doubtful_ = true; }
  /// By destination, IPv4 first.
  [[nodiscard]] std::vector<net::SeenRoute> routes() const;

 private:
  using Key = std::tuple<Prefix, std::uint32_t, std::uint32_t>;  // destination, table, metric
  using Changes = std::vector<RouteChange>;
  void add(netlink::Route route, bool replaces, Changes& changes);
  void remove(const netlink::Route& route, Changes& changes);
  void replace(netlink::Route& old, netlink::Route route, Changes& changes);
  void take_link(const nlmsghdr& message);
  void take_nexthop(const netlink::NexthopNotice& notice);
  [[nodiscard]] bool goes_by(std::uint32_t nexthop) const;
  [[nodiscard]] bool leaves_by(std::uint32_t link) const;
  [[nodiscard]] RouteChange change(bool added, bool replaced, const netlink::Route& route) const;
  static Key key_of(const netlink::Route& route) { return {route.to, route.table, route.metric}; }

  kernel::LinkNames links_;
  netlink::Nexthops nexthops_;
  std::map<Key, std::vector<netlink::Route>> routes_;
  bool doubtful_ = false;
};

}  // namespace hopyard::observe
