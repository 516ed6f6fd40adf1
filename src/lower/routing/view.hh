#pragma once

#include <cstdint>
#include <vector>

#include "lower/routing/cycles.hh"
#include "lower/routing/graph.hh"
#include "lower/routing/labels.hh"
#include "lower/routing/line.hh"
#include "lower/routing/numbering.hh"
#include "lower/routing/queue.hh"

namespace hopyard::lower::routing {

/// Shortest paths from one router after the other, all of them (equal-cost multipath): Dijkstra's algorithm,
/// but only as far as it must look. Beyond a bridge everything goes the way that the bridge goes, so the
/// search crosses a bridge only next to the router, to tell the routers of an adjacent subnet apart. In a
/// tree it looks at the router's neighbours and no further.
///
/// One View for each thread: it keeps its memory from router to router.
class View {
 public:
  View(const Graph& graph, const Numbering& numbering, const Cycles& cycles);

  /// Looks from @p router, and keeps the labels in @p labels. The labels of the router itself and of the
  /// subnets it is attached to mean nothing: the kernel knows those by itself.
  const Line& look(std::uint32_t router, Labels& labels);

 private:
  struct Seen {
    Distance distance = 0;
    Label label = Labels::no_label;
    std::uint32_t round = 0;  // of look() that this is from
    bool adjacent = false;    // a subnet that the router is attached to
    bool done = false;
  };
  void search(std::uint32_t router, Labels& labels);
  void reach(std::uint32_t vertex, Distance distance, Label label, Labels& labels);
  void expand_router(std::uint32_t vertex, Labels& labels);
  void expand_subnet(std::uint32_t vertex, std::uint32_t start, Labels& labels);
  void go_round_from_router(std::uint32_t router, Labels& labels);
  void go_round_from_subnet(std::uint32_t subnet, Labels& labels);
  void go_round(std::uint32_t vertex, Label onward, Label back, Labels& labels);
  [[nodiscard]] bool skips(std::uint32_t vertex, std::uint32_t edge) const;
  void paint(std::uint32_t router);

  const Graph& graph_;
  const Numbering& numbering_;
  const Cycles& cycles_;
  Queue queue_;
  std::vector<Seen> seen_;                // by vertex
  std::vector<std::uint32_t> reached_;    // vertices
  std::vector<std::uint32_t> enclosing_;  // vertices, while painting
  std::vector<std::uint32_t> own_;        // attachments to a subnet, while expanding it
  std::uint32_t round_ = 0;
  Line line_;
};

}  // namespace hopyard::lower::routing
