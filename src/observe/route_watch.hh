#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <set>
#include <vector>

#include "netlink/socket.hh"
#include "observe/route_table.hh"
#include "sys/fd.hh"

namespace hopyard::observe {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC

/// A change of the routes of one of the namespaces that are watched.
struct RouteEvent {
  std::uint32_t who = 0;   ///< the number of the namespace, in the order of add()
  Clock::time_point when;  ///< when the notification was received
  RouteChange change;
};

/// Watches the routes of many namespaces by the kernel's notifications: one socket for each, which keeps the
/// namespace alive, and one more while it is read. For one thread, which enters the namespaces and comes
/// back.
class RouteWatch {
 public:
  [[nodiscard]] static Result<RouteWatch> open();
  /// Listens in the namespace of descriptor @p netns, which may be closed afterwards, and reads what it has.
  [[nodiscard]] Result<> add(int netns);

  /// Readable when there is something to take().
  [[nodiscard]] int descriptor() const { return ready_.get(); }
  /// Milliseconds after which take() has to be called though nothing is readable; -1 for never.
  [[nodiscard]] int patience() const { return doubtful_.empty() ? -1 : 20; }

  struct Taken {
    std::vector<RouteEvent> events;   ///< in the order of their times for each namespace
    std::vector<std::uint32_t> lost;  ///< namespaces of which notifications were lost: they were read anew
  };
  /// All that has come, without waiting.
  [[nodiscard]] Result<Taken> take();

  [[nodiscard]] std::vector<net::SeenRoute> routes(std::uint32_t who) const {
    return watched_[who].table.routes();
  }

 private:
  struct Watched {
    netlink::Socket socket;
    RouteTable table;
  };
  RouteWatch(sys::Fd home, sys::Fd ready) : home_(std::move(home)), ready_(std::move(ready)) {}
  [[nodiscard]] Result<> drain(std::uint32_t who, Taken& taken);
  [[nodiscard]] Result<> read_anew(std::uint32_t who, Taken& taken);
  [[nodiscard]] Result<RouteReading> read(const netlink::Socket& listening) const;

  sys::Fd home_;
  sys::Fd ready_;  ///< epoll(7), with the number of the namespace for each socket
  std::deque<Watched> watched_;
  std::set<std::uint32_t> doubtful_;
  std::vector<char> room_ = std::vector<char>(32768);  // a notification is a page or less
};

}  // namespace hopyard::observe
