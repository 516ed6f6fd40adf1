#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/lab_watch.hh"
#include "base/ip.hh"

namespace hopyard::app {

/// "10.9.0.0/24", "fd00::/64", an address for its host prefix, or "default" (0.0.0.0/0). The error is one of
/// the command line.
[[nodiscard]] Result<Prefix> parse_prefix(std::string_view word);

/// What became of the prefix in one node.
struct SpreadRow {
  std::string node;
  std::optional<unsigned> hops;         ///< from the nearest origin; nothing when that is not known
  bool at_start = false;                ///< it had the prefix when watching began
  std::optional<double> seconds;        ///< when it got it for the first time, since watching began
  std::optional<double> lost_seconds;   ///< when it lost it last
  std::optional<double> again_seconds;  ///< when it got it last after it had lost it
  std::uint64_t changes = 0;            ///< how often it got it, lost it, or got another way there
  std::optional<net::SeenRoute> route;  ///< what it has now
};

/// What an event means for the prefix.
struct SpreadStep {
  enum class Kind : std::uint8_t { Got, Changed, Lost };
  Kind kind = Kind::Got;
  std::uint32_t who = 0;
  double seconds = 0;
  std::optional<unsigned> hops;
  net::SeenRoute route;
};

/// Follows one prefix through a lab. Its origins are the nodes that have it as an address or on an interface;
/// if there is none, those whose route to it leads to no gateway (they announce it); else the node that had
/// it first. Makes no system call.
class Spread {
 public:
  Spread(const Prefix& prefix, std::vector<std::string> nodes, keeper::Description lab);

  /// The node @p who has these routes when watching begins.
  void begin(std::uint32_t who, const std::vector<net::SeenRoute>& routes);
  /// @param seconds since watching began. @return nothing for an event that has nothing to do with the
  /// prefix.
  std::optional<SpreadStep> take(std::uint32_t who, double seconds, const observe::RouteChange& change);

  /// A node that got or lost it while watched.
  struct Move {
    std::uint32_t who = 0;
    bool got = false;
    double seconds = 0;
  };
  [[nodiscard]] const std::vector<Move>& moves() const { return moves_; }
  /// Hops of each node from the nearest origin.
  [[nodiscard]] const std::vector<std::optional<unsigned>>& hops() const { return hops_; }
  [[nodiscard]] bool at_start(std::uint32_t who) const { return nodes_[who].at_start; }

  [[nodiscard]] const Prefix& prefix() const { return prefix_; }
  [[nodiscard]] const std::vector<std::string>& nodes() const { return names_; }
  [[nodiscard]] std::vector<std::string> origins() const;
  /// By distance, then by time.
  [[nodiscard]] std::vector<SpreadRow> rows() const;
  /// The time of the latest step; nothing when there was none.
  [[nodiscard]] std::optional<double> last_step() const { return last_step_; }
  /// Seconds from when the first node that got it got it first until the last did; nothing when none has.
  [[nodiscard]] std::optional<double> duration() const;

 private:
  struct Node {
    std::vector<net::SeenRoute> routes;   ///< to the prefix, now
    std::optional<net::SeenRoute> first;  ///< the first one there was
    bool at_start = false;
    std::optional<double> seconds;
    std::optional<double> lost;
    std::optional<double> again;
    std::uint64_t changes = 0;
    bool owner = false;  ///< has or had it as an address or on an interface
  };
  [[nodiscard]] bool concerns(const net::SeenRoute& seen) const;
  void note(Node& node, const net::SeenRoute& seen);
  void measure();

  Prefix prefix_;
  std::vector<std::string> names_;
  keeper::Description lab_;
  std::vector<Node> nodes_;
  std::vector<std::optional<unsigned>> hops_;
  std::vector<std::string> measured_from_;
  std::optional<double> last_step_;
  std::vector<Move> moves_;
};

}  // namespace hopyard::app
