#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "keeper/client.hh"
#include "observe/route_watch.hh"
#include "sys/limits.hh"
#include "sys/signals.hh"

namespace hopyard::app {

using observe::Clock;

/// The nodes of a lab whose routes are looked at.
struct Watching {
  std::string lab;                 ///< may be empty: the only one that runs
  std::vector<std::string> nodes;  ///< "NODE" or "LAB/NODE"; none for all
};

/// A talk with the lab that is meant, and the names of the nodes.
struct FoundNodes {
  keeper::Client client;
  std::vector<std::string> nodes;  ///< in the order of the lab file, or as they were named; each once
};
/// Whether there are nodes of those names the keeper says, when it is asked for one.
[[nodiscard]] Result<FoundNodes> find_nodes(const keeper::Registry& registry, const Watching& wanted);

/// Watches the routes of nodes of a running lab, until the lab ends or a signal comes. While it lives,
/// SIGINT, SIGTERM and SIGHUP are blocked and told by next(), and the limit of open files is raised.
///
/// Its sockets keep the nodes' network namespaces alive: it goes as soon as the lab has ended.
class LabWatch {
 public:
  /// An error when a node is unknown, or when there are more of them than files that may be open.
  [[nodiscard]] static Result<std::unique_ptr<LabWatch>> open(const keeper::Registry& registry,
                                                              const Watching& wanted);

  [[nodiscard]] const std::string& lab() const { return client_.lab(); }
  [[nodiscard]] keeper::Client& client() { return client_; }
  /// In the order of the lab file, or as they were named; RouteEvent::who is a place in it.
  [[nodiscard]] const std::vector<std::string>& nodes() const { return nodes_; }
  [[nodiscard]] std::vector<net::SeenRoute> routes(std::uint32_t who) const { return routes_.routes(who); }
  /// When all nodes were listened to.
  [[nodiscard]] Clock::time_point began() const { return began_; }

  struct Wake {
    std::vector<observe::RouteEvent> events;
    std::vector<std::uint32_t> lost;  ///< nodes of which notifications were lost, and which were read anew
    int signal = 0;                   ///< the signal that came
    bool ended = false;               ///< the lab has
  };
  /// Waits until something happens, one of @p others is readable, or @p until has come.
  [[nodiscard]] Result<Wake> next(std::optional<Clock::time_point> until = std::nullopt,
                                  std::span<const int> others = {});

 private:
  LabWatch(keeper::Client client, observe::RouteWatch routes);
  [[nodiscard]] Result<> add(const std::vector<std::string>& nodes);

  sys::RaisedOpenFiles raised_;
  sys::BlockedSignals blocked_;
  keeper::Client client_;
  observe::RouteWatch routes_;
  sys::Fd signals_;
  std::vector<std::string> nodes_;
  Clock::time_point began_;
};

/// Seconds from @p since to @p when.
[[nodiscard]] double seconds_between(Clock::time_point since, Clock::time_point when);

}  // namespace hopyard::app
