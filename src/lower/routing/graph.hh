#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/ip.hh"
#include "lab/lab.hh"
#include "lab/segments.hh"

namespace hopyard::lower::routing {

inline constexpr std::uint32_t none = lab::none;

/// An address of a node's interface, and with it the node's place in a subnet: an edge of the graph.
struct Attachment {
  std::uint32_t node;       ///< into Lab::nodes
  std::uint32_t interface;  ///< into Node::interfaces
  std::uint32_t vertex;     ///< of the node; none for a guest
  std::uint32_t subnet;     ///< vertex
  std::uint32_t cost;       ///< of leaving the node here; arriving costs nothing
  IpAddress address;
};

/// What packets of one address family can move over. Its vertices are nodes and subnets, a subnet being one
/// prefix on one broadcast domain; its edges, the attachments, always join a node and a subnet. So a wire
/// between two routers is router - subnet - router, and a network of a hundred is a star and not five
/// thousand pairs.
///
/// A node that forwards by static routing is one vertex. Any other node that can be a destination (it has an
/// address on lo, or is a router of another kind) passes nothing on: it is a vertex of its own at each of its
/// attachments, with that one edge. Hosts without more are not in the graph; `guests` knows where they are
/// attached.
class Graph {
 public:
  Graph(const lab::Lab& lab, std::span<const lab::Segment> segments, Family family);

  [[nodiscard]] Family family() const { return family_; }
  [[nodiscard]] std::uint32_t vertices() const { return static_cast<std::uint32_t>(vertices_.size()); }
  /// The vertices of the nodes that forward are the first ones, in the order of the lab.
  [[nodiscard]] std::uint32_t routers() const { return routers_; }
  [[nodiscard]] bool is_router(std::uint32_t vertex) const { return vertex < routers_; }
  [[nodiscard]] bool is_subnet(std::uint32_t vertex) const { return vertices_[vertex].node == none; }
  /// Index into Lab::nodes; none for a subnet.
  [[nodiscard]] std::uint32_t node(std::uint32_t vertex) const { return vertices_[vertex].node; }
  /// Of a subnet.
  [[nodiscard]] const Prefix& prefix(std::uint32_t vertex) const { return vertices_[vertex].prefix; }

  [[nodiscard]] const Attachment& attachment(std::uint32_t index) const { return attachments_[index]; }
  [[nodiscard]] std::uint32_t attachments() const { return static_cast<std::uint32_t>(attachments_.size()); }
  /// The edges at @p vertex, in the order of the links: indices for attachment().
  [[nodiscard]] std::span<const std::uint32_t> edges(std::uint32_t vertex) const {
    return std::span(edges_).subspan(first_edge_[vertex], first_edge_[vertex + 1] - first_edge_[vertex]);
  }
  /// The vertex at the other end of @p edge.
  [[nodiscard]] std::uint32_t across(const Attachment& edge, std::uint32_t vertex) const {
    return edge.vertex == vertex ? edge.subnet : edge.vertex;
  }
  /// True when all attachments cost the same.
  [[nodiscard]] bool one_cost() const { return one_cost_; }

  /// Where hosts are attached, by node, then interface. Not edges.
  [[nodiscard]] const std::vector<Attachment>& guests() const { return guests_; }

 private:
  struct Vertex {
    std::uint32_t node = none;
    Prefix prefix;
  };
  void add_routers(const lab::Lab& lab);
  void add_segment(const lab::Lab& lab, const lab::Segment& segment);
  void attach(const lab::Lab& lab, lab::Segment::Member member, const IpAddress& address,
              std::uint32_t subnet);
  void index_edges();

  Family family_;
  std::uint32_t routers_ = 0;
  bool one_cost_ = true;
  std::vector<Vertex> vertices_;
  std::vector<std::uint32_t> router_of_node_;
  std::vector<Attachment> attachments_;
  std::vector<Attachment> guests_;
  std::vector<std::uint32_t> edges_;       // of all vertices, one after the other
  std::vector<std::uint32_t> first_edge_;  // where each vertex's begin
};

/// True for a router whose routes are computed.
[[nodiscard]] bool forwards(const lab::Node& node);

}  // namespace hopyard::lower::routing
