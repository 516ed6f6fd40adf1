#include "lower/routing/pins.hh"

#include <algorithm>

#include "lower/scope.hh"

namespace hopyard::lower::routing {

bool in_main_table(const net::Route& route) {
  return route.table == 254;
}  // RT_TABLE_MAIN of linux/rtnetlink.h

bool beats_computed(const net::Route& given) {
  constexpr std::uint32_t computed = 0;  // they are added without one
  return given.metric <= net::effective_metric(given.to.family(), computed);
}

std::span<const Pin> Pins::of(std::uint32_t router, const Trie& trie, const Line& line,
                              std::span<const Label> scattered, Label outside, Labels& labels) {
  const lab::Node& node = lab_.nodes[graph_.node(router)];
  pins_.clear();
  for (const std::uint32_t edge : graph_.edges(router))
    pin(trie.find(graph_.prefix(graph_.attachment(edge).subnet)),
        labels.add({Action::Kind::Deliver, {}, edge}));
  for (const InterfaceAddress& own : node.loopback)
    if (own.address.family() == graph_.family() && means_one_node(own.address))
      pin(trie.find(own.prefix()), labels.add({Action::Kind::Deliver, {}, none}));
  pin_given(router, trie, labels);
  if (outside == Labels::stop) pin(0, Labels::stop);
  settle();
  pin_spares(node, trie, line, scattered, outside);
  return pins_;
}

void Pins::pin(std::uint32_t node, Label label) {
  pins_.push_back({node, label});
}

/// In the order of the nodes; of several pins at one node the first counts.
void Pins::settle() {
  const auto before = [](const Pin& left, const Pin& right) { return left.node < right.node; };
  const auto same = [](const Pin& left, const Pin& right) { return left.node == right.node; };
  std::stable_sort(pins_.begin(), pins_.end(), before);
  pins_.erase(std::unique(pins_.begin(), pins_.end(), same), pins_.end());
}

void Pins::pin_given(std::uint32_t router, const Trie& trie, Labels& labels) {
  const lab::Node& node = lab_.nodes[graph_.node(router)];
  for (std::uint32_t i = 0; i < node.routes.size(); ++i) {
    const net::Route& given = node.routes[i];
    if (given.to.family() == graph_.family() && in_main_table(given) && beats_computed(given))
      pin(trie.find(given.to), given_label(router, i, labels));
  }
}

/// The label that a computed route with the same hops would have, so that neither is written where the other
/// does; a label of its own for a route that no computed one is like.
Label Pins::given_label(std::uint32_t router, std::uint32_t index, Labels& labels) const {
  const lab::Node& node = lab_.nodes[graph_.node(router)];
  const net::Route& given = node.routes[index];
  std::vector<Hop> hops;
  for (const net::NextHop& hop : given.next_hops) {
    for (const std::uint32_t own : graph_.edges(router)) {
      const Attachment& out = graph_.attachment(own);
      if (!hop.via || !graph_.prefix(out.subnet).contains(*hop.via) || hop.weight != 1) continue;
      if (!hop.device.empty() && hop.device != node.interfaces[out.interface].name) continue;
      for (const std::uint32_t next : graph_.edges(out.subnet))
        if (graph_.attachment(next).address == *hop.via) hops.push_back({own, next});
    }
  }
  const bool ordinary = given.type == net::Route::Type::Unicast && !given.source && !hops.empty();
  if (ordinary && hops.size() == given.next_hops.size()) return labels.forward(std::move(hops));
  return labels.add({Action::Kind::Given, {}, index});
}

void Pins::pin_spares(const lab::Node& node, const Trie& trie, const Line& line,
                      std::span<const Label> scattered, Label outside) {
  const std::size_t settled = pins_.size();
  for (const net::Route& given : node.routes) {
    if (given.to.family() != graph_.family() || !in_main_table(given) || beats_computed(given)) continue;
    const Label label = meaning(given.to, trie, line, scattered, outside);
    if (label != Labels::stop) pins_.push_back({trie.find(given.to), label, true});
  }
  if (pins_.size() != settled) settle();
}

/// What is to be done with the addresses of @p prefix that no longer known prefix holds.
Label Pins::meaning(const Prefix& prefix, const Trie& trie, const Line& line,
                    std::span<const Label> scattered, Label outside) const {
  Label label = outside;
  for (std::uint32_t index = 0; index != Trie::no_node && trie[index].prefix.contains(prefix);) {
    const Trie::Node& node = trie[index];
    const auto pinned =
        std::find_if(pins_.begin(), pins_.end(), [&](const Pin& one) { return one.node == index; });
    if (pinned != pins_.end())
      label = pinned->label;
    else if (node.scattered != Known::no_place)
      label = scattered[node.scattered];
    else if (node.place != Known::no_place)
      label = line.at(node.place);
    if (node.prefix.length >= prefix.length) break;
    index = node.child[prefix.address.bit(node.prefix.length) ? 1 : 0];
  }
  return label;
}

}  // namespace hopyard::lower::routing
