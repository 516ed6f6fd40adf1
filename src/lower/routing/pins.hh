#pragma once

#include <span>
#include <vector>

#include "lab/lab.hh"
#include "lower/routing/aggregate.hh"
#include "lower/routing/graph.hh"

namespace hopyard::lower::routing {

/// True for a route of the table that computed routes go into.
[[nodiscard]] bool in_main_table(const net::Route& route);
/// True when the kernel prefers @p given to a computed route for the same prefix.
[[nodiscard]] bool beats_computed(const net::Route& given);

/// What a router's kernel routes before anything is computed: the subnets it is attached to, its own
/// addresses, the routes that the person gave; at the exit also the rest of the world, which is to be
/// unreachable.
///
/// A given route with a worse metric is there in case the computed one goes away. Its prefix gets a computed
/// route of its own even where a shorter prefix would do, since the given one would be preferred to that for
/// being longer.
class Pins {
 public:
  Pins(const lab::Lab& lab, const Graph& graph) : lab_(lab), graph_(graph) {}

  /// @param outside the label of unknown addresses; Labels::stop at the exit.
  /// @return in the order of the trie's nodes, as Aggregator::run takes them; good until the next call.
  std::span<const Pin> of(std::uint32_t router, const Trie& trie, const Line& line,
                          std::span<const Label> scattered, Label outside, Labels& labels);

 private:
  void pin(std::uint32_t node, Label label);
  void settle();
  void pin_given(std::uint32_t router, const Trie& trie, Labels& labels);
  [[nodiscard]] Label given_label(std::uint32_t router, std::uint32_t index, Labels& labels) const;
  void pin_spares(const lab::Node& node, const Trie& trie, const Line& line, std::span<const Label> scattered,
                  Label outside);
  [[nodiscard]] Label meaning(const Prefix& prefix, const Trie& trie, const Line& line,
                              std::span<const Label> scattered, Label outside) const;

  const lab::Lab& lab_;
  const Graph& graph_;
  std::vector<Pin> pins_;
};

}  // namespace hopyard::lower::routing
