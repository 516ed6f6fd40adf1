#pragma once

#include <compare>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace hopyard::lower::routing {

/// A way on: out by one attachment of the router, to the address of another attachment of the same subnet.
struct Hop {
  std::uint32_t own;
  std::uint32_t next;
  friend constexpr auto operator<=>(const Hop&, const Hop&) = default;
};

/// What a router does with a packet.
struct Action {
  enum class Kind : std::uint8_t {
    Stop,     ///< answers that the address cannot be reached
    Forward,  ///< by one of the hops
    Deliver,  ///< to the subnet of `index`, an attachment of the router; to itself if none
    Given,    ///< as the route `index` that the person gave
  };
  Kind kind = Kind::Stop;
  std::vector<Hop> hops;  ///< in order, each once
  std::uint32_t index = UINT32_MAX;
};

/// A small number for each action of one router, so that actions can be compared and put in sets. Two labels
/// for forwarding are the same exactly when their hops are.
using Label = std::uint32_t;

class Labels {
 public:
  static constexpr Label stop = 0;
  static constexpr Label no_label = UINT32_MAX;

  Labels() { clear(); }
  void clear();
  [[nodiscard]] Label forward(std::vector<Hop> hops);
  /// Forwards by the hops of either; either may be no_label.
  [[nodiscard]] Label united(Label left, Label right);
  [[nodiscard]] Label add(Action action);
  [[nodiscard]] const Action& operator[](Label label) const { return actions_[label]; }

 private:
  struct HashOfHops {
    std::size_t operator()(const std::vector<Hop>& hops) const;
  };
  std::vector<Action> actions_;
  std::unordered_map<std::vector<Hop>, Label, HashOfHops> by_hops_;
  std::unordered_map<std::uint64_t, Label> unions_;
};

}  // namespace hopyard::lower::routing
