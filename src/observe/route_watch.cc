#include "observe/route_watch.hh"

#include <linux/rtnetlink.h>
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <iterator>

#include "netlink/link.hh"
#include "netlink/qdisc.hh"
#include "netlink/reply.hh"
#include "sys/netns.hh"

namespace hopyard::observe {
namespace {

// A thousand notifications of one node; the kernel takes twice as much for its own bookkeeping.
constexpr int buffer = 1 << 20;
constexpr unsigned groups[] = {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
                               RTNLGRP_NEXTHOP};
// So that one node in a storm does not keep the others waiting.
constexpr int datagrams_at_a_time = 512;

void append(std::uint32_t who, Clock::time_point when, std::vector<RouteChange> changes,
            std::vector<RouteEvent>& events) {
  for (RouteChange& change : changes) events.push_back({who, when, std::move(change)});
}

}  // namespace

Result<RouteWatch> RouteWatch::open() {
  HOPYARD_TAKE(home, sys::current_netns());
  sys::Fd ready(::epoll_create1(EPOLL_CLOEXEC));
  if (!ready) return failure("wait for many sockets", "", errno);
  return RouteWatch(std::move(home), std::move(ready));
}

Result<> RouteWatch::add(int netns) {
  const auto listen = [&]() -> Result<netlink::Socket> {
    HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns, home_.get()));
    return netlink::Socket::open_listening(groups, buffer);
  };
  HOPYARD_TAKE(socket, listen());
  // Listening first: what changes while it is read is told as well.
  HOPYARD_TAKE(reading, read(socket));
  const auto who = static_cast<std::uint32_t>(watched_.size());
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = who;
  if (::epoll_ctl(ready_.get(), EPOLL_CTL_ADD, socket.descriptor(), &event) != 0)
    return failure("wait for many sockets", "", errno);
  watched_.push_back({std::move(socket), {}});
  watched_.back().table.reset(std::move(reading));
  return {};
}

Result<RouteReading> RouteWatch::read(const netlink::Socket& listening) const {
  HOPYARD_TAKE(netns, sys::netns_of_socket(listening.descriptor()));
  const auto open = [&]() -> Result<netlink::Socket> {
    HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns.get(), home_.get()));
    return netlink::Socket::open();
  };
  HOPYARD_TAKE(socket, open());
  // A link is told to be down before its routes are taken away, both under one lock of the kernel (RTNL). To
  // list qdiscs takes that lock too, which to list routes does not (since Linux 6.9).
  HOPYARD_TRY(netlink::list_qdiscs(socket));
  RouteReading reading;
  HOPYARD_TAKE(links, netlink::list_links(socket));
  for (netlink::LinkInfo& link : links) reading.links.emplace(link.index, std::move(link.name));
  HOPYARD_TAKE(nexthops, netlink::list_nexthops(socket));
  reading.nexthops = std::move(nexthops);
  HOPYARD_TAKE(routes, netlink::list_routes(socket));
  reading.routes = std::move(routes);
  return reading;
}

Result<RouteWatch::Taken> RouteWatch::take() {
  Taken taken;
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(ready_.get(), events.data(), static_cast<int>(events.size()), 0);
  if (count < 0 && errno != EINTR) return failure("wait for many sockets", "", errno);
  for (int i = 0; i < count; ++i) HOPYARD_TRY(drain(events[i].data.u32, taken));
  for (auto who = doubtful_.begin(); who != doubtful_.end();) {
    const auto done = read_anew(*who, taken);
    if (!done && done.error().code != EAGAIN) return pass_on(Result<>(done));
    who = done ? doubtful_.erase(who) : std::next(who);
  }
  return taken;
}

Result<> RouteWatch::drain(std::uint32_t who, Taken& taken) {
  Watched& watched = watched_[who];
  bool lost = false;
  // Once some were lost the kernel drops all that come until none wait: only then it is worth to read anew.
  for (int i = 0; lost || i < datagrams_at_a_time; ++i) {
    const auto datagram = watched.socket.receive_waiting(room_);
    const auto now = Clock::now();
    if (!datagram && datagram.error().code != ENOBUFS && datagram.error().code != EMSGSIZE)
      return pass_on(Result<>(std::unexpected(datagram.error())));
    if (!datagram) {
      lost = true;
      continue;
    }
    if (datagram->empty()) break;
    netlink::for_each_message(*datagram, [&](const nlmsghdr& message) {
      append(who, now, watched.table.apply(message), taken.events);
    });
  }
  if (lost) {
    watched.table.doubt();
    taken.lost.push_back(who);
  }
  if (watched.table.doubtful()) doubtful_.insert(who);
  return {};
}

Result<> RouteWatch::read_anew(std::uint32_t who, Taken& taken) {
  Watched& watched = watched_[who];
  HOPYARD_TAKE(reading, read(watched.socket));
  append(who, Clock::now(), watched.table.reset(std::move(reading)), taken.events);
  return {};
}

}  // namespace hopyard::observe
