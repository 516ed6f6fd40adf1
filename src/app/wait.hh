#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/lab_watch.hh"

namespace hopyard::app {

/// What to wait for. At least one of the two is given.
struct WaitFor {
  std::string lab;
  std::optional<std::chrono::nanoseconds> routes_stable;  ///< that no route of any node changes for so long
  std::string from;                                       ///< that this node, "NODE" or "LAB/NODE" …
  std::string to;                                         ///< … gets an answer from this node or address
  std::chrono::nanoseconds timeout{0};
};

/// A way from a node to an address that is asked for.
struct Reach {
  std::string to;  ///< the address
  bool answered = false;
};

/// How the waiting ended.
struct Waited {
  std::string lab;
  bool reached = false;               ///< all that was waited for is there
  int signal = 0;                     ///< the signal that ended it early
  double seconds = 0;                 ///< how long it took, from the call on
  std::uint64_t changes = 0;          ///< of routes, meanwhile
  std::optional<double> last_change;  ///< seconds from the call
  bool settled = false;               ///< the routes have
  struct Moving {
    std::string node;
    std::uint64_t changes = 0;
    std::string last;  ///< its last change: "+ 10.0.0.0/24"
  };
  std::vector<Moving> moving;  ///< nodes whose routes changed within the time in which none should have
  std::string from;            ///< where the echoes were sent from; empty if none were
  std::vector<Reach> reach;
};

/// Waits for it, for as long as the timeout allows. Routes of all tables count but those of the kernel's own
/// table `local`, and not those of link-local destinations. An echo is repeated until it is answered, and
/// asked for anew after each change of a route.
[[nodiscard]] Result<Waited> wait(const keeper::Registry& registry, const WaitFor& wanted);

}  // namespace hopyard::app
