#include "lower/routing/graph.hh"

#include <algorithm>
#include <tuple>

#include "lower/scope.hh"

namespace hopyard::lower::routing {
namespace {

bool counts(const InterfaceAddress& one, Family family) {
  return one.address.family() == family && means_one_node(one.address);
}

/// True for a node that forwards nothing but that somebody else has to find a way to, beyond the subnets it
/// is in.
bool is_stub(const lab::Node& node, Family family) {
  if (lab::is_router(node)) return true;
  return std::any_of(node.loopback.begin(), node.loopback.end(),
                     [&](const InterfaceAddress& one) { return counts(one, family); });
}

}  // namespace

bool forwards(const lab::Node& node) {
  return lab::is_router(node) && node.routing == lab::Routing::Static;
}

Graph::Graph(const lab::Lab& lab, std::span<const lab::Segment> segments, Family family) : family_(family) {
  add_routers(lab);
  for (const lab::Segment& segment : segments) add_segment(lab, segment);
  const auto by_node = [](const Attachment& one) { return std::tuple(one.node, one.interface); };
  std::stable_sort(guests_.begin(), guests_.end(),
                   [&](const auto& left, const auto& right) { return by_node(left) < by_node(right); });
  index_edges();
}

void Graph::add_routers(const lab::Lab& lab) {
  router_of_node_.assign(lab.nodes.size(), none);
  for (std::uint32_t i = 0; i < lab.nodes.size(); ++i) {
    if (!forwards(lab.nodes[i])) continue;
    router_of_node_[i] = routers_++;
    vertices_.push_back({i, {}});
  }
}

void Graph::add_segment(const lab::Lab& lab, const lab::Segment& segment) {
  std::vector<std::uint32_t> subnets;
  const auto subnet = [&](const Prefix& prefix) {
    for (const std::uint32_t one : subnets)
      if (vertices_[one].prefix == prefix) return one;
    vertices_.push_back({none, prefix});
    return subnets.emplace_back(vertices() - 1);
  };
  for (const lab::Segment::Member& member : segment.members)
    for (const InterfaceAddress& one : lab.nodes[member.node].interfaces[member.interface].addresses)
      if (counts(one, family_)) attach(lab, member, one.address, subnet(one.prefix()));
}

void Graph::attach(const lab::Lab& lab, lab::Segment::Member member, const IpAddress& address,
                   std::uint32_t subnet) {
  const lab::Node& node = lab.nodes[member.node];
  const lab::Interface& interface = node.interfaces[member.interface];
  // A cost of nothing would let packets go in circles for free.
  const std::uint32_t cost = std::max(lab::cost_of(lab, node, interface), 1U);
  Attachment edge{member.node, member.interface, none, subnet, cost, address};
  if ((lab::is_host(node) || node.kind == lab::Kind::Vm) && lab::vrf_of(node, interface) == none)
    guests_.push_back(edge);
  // What is in a VRF is in a table of its own: the node is there, but passes nothing on from it.
  edge.vertex = lab::vrf_of(node, interface) == none ? router_of_node_[member.node] : none;
  if (edge.vertex == none) {
    if (!is_stub(node, family_)) return;
    edge.vertex = vertices();
    vertices_.push_back({member.node, {}});
  }
  attachments_.push_back(edge);
  one_cost_ = one_cost_ && edge.cost == attachments_.front().cost;
}

void Graph::index_edges() {
  first_edge_.assign(vertices_.size() + 1, 0);
  for (const Attachment& edge : attachments_) {
    ++first_edge_[edge.vertex + 1];
    ++first_edge_[edge.subnet + 1];
  }
  for (std::size_t i = 1; i < first_edge_.size(); ++i) first_edge_[i] += first_edge_[i - 1];
  edges_.resize(2 * attachments_.size());
  std::vector<std::uint32_t> next(first_edge_.begin(), first_edge_.end() - 1);
  for (std::uint32_t i = 0; i < attachments_.size(); ++i) {
    edges_[next[attachments_[i].vertex]++] = i;
    edges_[next[attachments_[i].subnet]++] = i;
  }
}

}  // namespace hopyard::lower::routing
