#include "lower/routing/static_routes.hh"

#include <algorithm>
#include <span>

#include "lab/segments.hh"
#include "lower/routing/aggregate.hh"
#include "lower/routing/exits.hh"
#include "lower/routing/field.hh"
#include "lower/routing/graph.hh"
#include "lower/routing/host_routes.hh"
#include "lower/routing/numbering.hh"
#include "lower/routing/parallel.hh"
#include "lower/routing/pins.hh"
#include "lower/routing/trie.hh"
#include "lower/routing/view.hh"
#include "lower/scope.hh"

namespace hopyard::lower::routing {
namespace {

/// All that routers of one component share.
struct Destinations {
  Trie trie;
  std::vector<Field> fields;  ///< one for each prefix that is at several places
};

std::vector<std::vector<Known>> known_prefixes(const lab::Lab& lab, const Graph& graph,
                                               const Numbering& numbering) {
  std::vector<std::vector<Known>> known(numbering.components.size());
  for (std::uint32_t vertex = 0; vertex < graph.vertices(); ++vertex) {
    if (numbering.component[vertex] == none) continue;
    std::vector<Known>& here = known[numbering.component[vertex]];
    if (graph.is_subnet(vertex)) {
      here.push_back({graph.prefix(vertex), numbering.number[vertex]});
      continue;
    }
    const lab::Node& node = lab.nodes[graph.node(vertex)];
    for (const InterfaceAddress& one : node.loopback)
      if (one.address.family() == graph.family() && means_one_node(one.address))
        here.push_back({one.prefix(), numbering.number[vertex]});
    if (!graph.is_router(vertex)) continue;
    for (const net::Route& given : node.routes)
      if (given.to.family() == graph.family() && in_main_table(given)) here.push_back({given.to});
  }
  return known;
}

std::vector<Destinations> destinations(const lab::Lab& lab, const Graph& graph, const Numbering& numbering) {
  std::vector<std::uint32_t> vertex_of(graph.vertices());
  for (std::uint32_t vertex = 0; vertex < graph.vertices(); ++vertex)
    if (numbering.number[vertex] != none) vertex_of[numbering.number[vertex]] = vertex;
  std::vector<Destinations> all;
  for (std::vector<Known>& known : known_prefixes(lab, graph, numbering)) {
    Destinations& one = all.emplace_back(Trie(graph.family(), std::move(known)), std::vector<Field>());
    for (const auto& places : one.trie.scattered()) {
      std::vector<Field::Target> targets;
      targets.reserve(places.size());
      for (const std::uint32_t place : places) targets.push_back({vertex_of[place]});
      one.fields.emplace_back(graph, targets);
    }
  }
  return all;
}

/// Works out the routes of one router after the other.
class Worker {
 public:
  Worker(const lab::Lab& lab, const Graph& graph, const Numbering& numbering, const Cycles& cycles,
         const Field& exits, const std::vector<Destinations>& all)
      : lab_(lab),
        graph_(graph),
        numbering_(numbering),
        exits_(exits),
        all_(all),
        view_(graph, numbering, cycles),
        pins_(lab, graph) {}

  void add_routes(std::uint32_t router, std::vector<net::Route>& routes) {
    const Destinations& known = all_[numbering_.component[router]];
    labels_.clear();
    const Line& line = view_.look(router, labels_);
    scattered_.clear();
    for (const Field& field : known.fields) scattered_.push_back(towards(field, router));
    const Label outside = towards(exits_, router);
    const auto pins = pins_.of(router, known.trie, line, scattered_, outside, labels_);
    const auto chosen = aggregator_.run(known.trie, line, scattered_, pins, outside);
    routes.reserve(routes.size() + chosen.size());
    for (const Chosen& one : chosen) routes.push_back(route(lab_.nodes[graph_.node(router)], one));
  }

 private:
  [[nodiscard]] Label towards(const Field& field, std::uint32_t router) {
    std::vector<Hop> hops = field.hops(graph_, router);
    return hops.empty() ? Labels::stop : labels_.forward(std::move(hops));
  }

  [[nodiscard]] net::Route route(const lab::Node& node, const Chosen& chosen) const {
    const Action& action = labels_[chosen.label];
    net::Route route;
    if (action.kind == Action::Kind::Given) route = node.routes[action.index];
    route.to = chosen.to;
    if (action.kind == Action::Kind::Stop) route.type = net::Route::Type::Unreachable;
    route.next_hops.reserve(action.hops.size());
    for (const Hop& hop : action.hops)
      route.next_hops.push_back({graph_.attachment(hop.next).address, device(node, hop.own)});
    if (action.kind == Action::Kind::Deliver)
      route.next_hops.push_back({std::nullopt, device(node, action.index)});
    return route;
  }

  [[nodiscard]] std::string device(const lab::Node& node, std::uint32_t attachment) const {
    return attachment == none ? "lo" : node.interfaces[graph_.attachment(attachment).interface].name;
  }

  const lab::Lab& lab_;
  const Graph& graph_;
  const Numbering& numbering_;
  const Field& exits_;
  const std::vector<Destinations>& all_;
  View view_;
  Labels labels_;
  Pins pins_;
  Aggregator aggregator_;
  std::vector<Label> scattered_;
};

void add_family(const lab::Lab& lab, std::span<const lab::Segment> segments, Family family,
                std::vector<std::vector<net::Route>>& routes) {
  const Graph graph(lab, segments, family);
  const Numbering numbering = number_vertices(graph);
  const Cycles cycles = find_cycles(graph, numbering);
  const Field to_exit(graph, exits(lab, graph, numbering));
  const std::vector<Destinations> all = destinations(lab, graph, numbering);
  in_parallel(graph.routers(), [&] {
    return [&, worker = Worker(lab, graph, numbering, cycles, to_exit, all)](std::uint32_t router) mutable {
      worker.add_routes(router, routes[graph.node(router)]);
    };
  });
  add_host_routes(lab, graph, to_exit, routes);
}

}  // namespace

std::vector<std::vector<net::Route>> static_routes(const lab::Lab& lab,
                                                   std::span<const lab::Segment> segments) {
  std::vector<std::vector<net::Route>> routes(lab.nodes.size());
  for (const Family family : {Family::V4, Family::V6}) add_family(lab, segments, family, routes);
  return routes;
}

}  // namespace hopyard::lower::routing
