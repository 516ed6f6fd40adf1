#include "lower/routing/view.hh"

#include <algorithm>

namespace hopyard::lower::routing {

View::View(const Graph& graph, const Numbering& numbering, const Cycles& cycles)
    : graph_(graph),
      numbering_(numbering),
      cycles_(cycles),
      queue_(graph.one_cost()),
      seen_(graph.vertices()) {}

const Line& View::look(std::uint32_t router, Labels& labels) {
  ++round_;
  reached_.clear();
  search(router, labels);
  paint(router);
  return line_;
}

void View::search(std::uint32_t router, Labels& labels) {
  reach(router, 0, Labels::no_label, labels);
  for (const std::uint32_t edge : graph_.edges(router)) {
    const Attachment& out = graph_.attachment(edge);
    reach(out.subnet, out.cost, Labels::no_label, labels);
    seen_[out.subnet].adjacent = true;
  }
  if (cycles_.of[router] != none) go_round_from_router(router, labels);
  std::uint32_t vertex = 0;
  Distance distance = 0;
  while (queue_.pop(vertex, distance)) {
    if (seen_[vertex].done) continue;
    seen_[vertex].done = true;
    if (graph_.is_subnet(vertex))
      expand_subnet(vertex, router, labels);
    else if (vertex != router)
      expand_router(vertex, labels);
  }
}

void View::reach(std::uint32_t vertex, Distance distance, Label label, Labels& labels) {
  Seen& seen = seen_[vertex];
  if (seen.round != round_) {
    seen = {distance, label, round_, false, false};
    reached_.push_back(vertex);
  } else if (distance < seen.distance) {
    seen.distance = distance;
    seen.label = label;
  } else {
    if (distance == seen.distance) seen.label = labels.united(seen.label, label);
    return;
  }
  queue_.push(vertex, distance, graph_.is_subnet(vertex));
}

void View::expand_router(std::uint32_t vertex, Labels& labels) {
  const Seen here = seen_[vertex];
  for (const std::uint32_t edge : graph_.edges(vertex)) {
    const Attachment& out = graph_.attachment(edge);
    if (!numbering_.bridge[edge]) reach(out.subnet, here.distance + out.cost, here.label, labels);
  }
}

void View::expand_subnet(std::uint32_t vertex, std::uint32_t start, Labels& labels) {
  const Seen here = seen_[vertex];
  own_.clear();  // the router's own ways into this subnet, if they are as short as the way round
  for (const std::uint32_t edge : here.adjacent ? graph_.edges(vertex) : std::span<const std::uint32_t>())
    if (const Attachment& out = graph_.attachment(edge); out.vertex == start && out.cost == here.distance)
      own_.push_back(edge);
  for (const std::uint32_t next : graph_.edges(vertex)) {
    const Attachment& in = graph_.attachment(next);
    if (in.vertex == start || skips(vertex, next) || (numbering_.bridge[next] && !here.adjacent)) continue;
    Label label = here.label;
    for (const std::uint32_t own : own_) label = labels.united(label, labels.forward({{own, next}}));
    reach(in.vertex, here.distance, label, labels);
    if (numbering_.bridge[next]) seen_[in.vertex].done = true;  // all behind it goes the same way
  }
  if (cycles_.of[vertex] != none && cycles_.of[vertex] != cycles_.of[start])
    go_round_from_subnet(vertex, labels);
}

/// True for an edge along a ring: what lies there is measured, not searched.
bool View::skips(std::uint32_t vertex, std::uint32_t edge) const {
  return cycles_.of[vertex] != none && !numbering_.bridge[edge];
}

void View::go_round_from_router(std::uint32_t router, Labels& labels) {
  const Cycle& cycle = cycles_.all[cycles_.of[router]];
  const std::uint32_t at = cycles_.position[router];
  const auto edge = [&](std::uint32_t steps) { return cycle.edges[(at + steps) % cycle.size()]; };
  go_round(router, labels.forward({{edge(0), edge(1)}}),
           labels.forward({{edge(cycle.size() - 1), edge(cycle.size() - 2)}}), labels);
}

/// From a subnet next to the router, that is on a ring which the router is not on. own_ is the router's
/// attachment.
void View::go_round_from_subnet(std::uint32_t subnet, Labels& labels) {
  const Cycle& cycle = cycles_.all[cycles_.of[subnet]];
  const std::uint32_t at = cycles_.position[subnet];
  Label onward = Labels::no_label;
  Label back = Labels::no_label;
  for (const std::uint32_t own : own_) {
    onward = labels.united(onward, labels.forward({{own, cycle.edges[at]}}));
    back = labels.united(back, labels.forward({{own, cycle.edges[(at + cycle.size() - 1) % cycle.size()]}}));
  }
  go_round(subnet, onward, back, labels);
}

/// Looks at the vertices around the ring of @p vertex where a stretch begins: where the numbers do, next to
/// @p vertex, and where the other way round gets shorter.
void View::go_round(std::uint32_t vertex, Label onward, Label back, Labels& labels) {
  const Cycle& cycle = cycles_.all[cycles_.of[vertex]];
  const std::uint32_t size = cycle.size();
  const std::uint32_t at = cycles_.position[vertex];
  const std::uint32_t turn = cycle.turning_point(at);
  const bool vertex_is_router = graph_.is_router(vertex);
  for (const std::uint32_t steps : {size - at, 1U, 2U, turn, turn + 1, size - 1}) {
    if (steps == 0 || steps >= size) continue;
    const std::uint32_t other = cycle.vertices[(at + steps) % size];
    const bool beside =
        vertex_is_router && (steps == 1 || steps == size - 1);  // and so reached already, directly
    if (!beside || steps != 1) reach(other, cycle.cost_onward(at, steps), onward, labels);
    if (!beside || steps == 1) reach(other, cycle.cost_back(at, steps), back, labels);
    if (!beside) seen_[other].done = true;
  }
}

/// Every vertex that was reached stands for all that is below it in the numbering, except for what is below
/// another such vertex further down; the topmost stands for the rest of the world.
void View::paint(std::uint32_t router) {
  const auto number = [&](std::uint32_t vertex) { return numbering_.number[vertex]; };
  std::sort(reached_.begin(), reached_.end(),
            [&](std::uint32_t left, std::uint32_t right) { return number(left) < number(right); });
  line_.clear();
  enclosing_.clear();
  const auto start = [&](std::uint32_t first, std::uint32_t vertex) {
    const bool means_nothing = vertex == router || seen_[vertex].adjacent;
    if (!means_nothing) line_.from(first, seen_[vertex].label);
  };
  const auto leave_until = [&](std::uint32_t next) {
    while (enclosing_.size() > 1 && numbering_.last[enclosing_.back()] < next) {
      const std::uint32_t left = enclosing_.back();
      enclosing_.pop_back();
      start(numbering_.last[left] + 1, enclosing_.back());
    }
  };
  for (const std::uint32_t vertex : reached_) {
    leave_until(number(vertex));
    enclosing_.push_back(vertex);
    start(enclosing_.size() == 1 ? 0 : number(vertex), vertex);
  }
  leave_until(none);
  if (line_.stretches().empty()) line_.from(0, Labels::stop);
}

}  // namespace hopyard::lower::routing
