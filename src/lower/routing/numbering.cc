#include "lower/routing/numbering.hh"

#include <algorithm>

namespace hopyard::lower::routing {
namespace {

/// The search, with a stack of its own: a chain of ten thousand routers is twenty thousand deep.
class Search {
 public:
  Search(const Graph& graph, Numbering& numbering)
      : graph_(graph), to_(numbering), lowest_(graph.vertices()) {}

  void run(std::uint32_t root) {
    const std::uint32_t first = next_;
    visit(root, none);
    while (!stack_.empty()) {
      Step& step = stack_.back();
      const auto edges = graph_.edges(step.vertex);
      if (step.next < edges.size())
        follow(step.vertex, step.entered_by, edges[step.next++]);
      else
        leave();
    }
    to_.components.push_back({first, next_ - 1});
  }

 private:
  struct Step {
    std::uint32_t vertex;
    std::uint32_t entered_by;  // attachment
    std::uint32_t next;        // of the vertex's edges
  };

  void visit(std::uint32_t vertex, std::uint32_t by) {
    to_.component[vertex] = static_cast<std::uint32_t>(to_.components.size());
    lowest_[vertex] = to_.number[vertex] = next_++;
    stack_.push_back({vertex, by, 0});
  }

  void follow(std::uint32_t vertex, std::uint32_t entered_by, std::uint32_t edge) {
    if (edge == entered_by) return;
    const std::uint32_t other = graph_.across(graph_.attachment(edge), vertex);
    if (to_.number[other] == none)
      visit(other, edge);
    else
      lowest_[vertex] = std::min(lowest_[vertex], to_.number[other]);
  }

  void leave() {
    const Step step = stack_.back();
    stack_.pop_back();
    to_.last[step.vertex] = next_ - 1;
    if (stack_.empty()) return;
    const std::uint32_t above = stack_.back().vertex;
    lowest_[above] = std::min(lowest_[above], lowest_[step.vertex]);
    to_.bridge[step.entered_by] = lowest_[step.vertex] == to_.number[step.vertex];
  }

  const Graph& graph_;
  Numbering& to_;
  std::vector<std::uint32_t> lowest_;  // the lowest number that an edge from the subtree leads to
  std::vector<Step> stack_;
  std::uint32_t next_ = 0;
};

}  // namespace

Numbering number_vertices(const Graph& graph) {
  Numbering numbering;
  numbering.number.assign(graph.vertices(), none);
  numbering.last.assign(graph.vertices(), none);
  numbering.component.assign(graph.vertices(), none);
  numbering.bridge.assign(graph.attachments(), false);
  Search search(graph, numbering);
  for (std::uint32_t router = 0; router < graph.routers(); ++router)
    if (numbering.number[router] == none) search.run(router);
  return numbering;
}

}  // namespace hopyard::lower::routing
