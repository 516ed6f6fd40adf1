#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lab/lab.hh"

/// Labs built by hand, for tests that want no language between them and the model.
namespace hopyard::lower::test {

class Builder {
 public:
  explicit Builder(std::string name = "test") { lab_.name = std::move(name); }

  std::uint32_t node(std::string name, lab::Kind kind);
  std::uint32_t host(std::string name) { return node(std::move(name), lab::Kind::Host); }
  std::uint32_t router(std::string name) { return node(std::move(name), lab::Kind::Router); }
  std::uint32_t network(std::string name);

  /// A wire between new interfaces of two nodes, with the addresses given ("10.0.0.1/24 fd00::1/64"), space
  /// between them.
  lab::Link& link(std::uint32_t left, std::string_view left_addresses, std::uint32_t right,
                  std::string_view right_addresses, std::uint32_t cost = 1);
  /// A link from a new interface of a node to a network.
  lab::Link& attach(std::uint32_t node, std::string_view addresses, std::uint32_t network,
                    std::uint32_t cost = 1);
  void loopback(std::uint32_t node, std::string_view addresses);
  /// A route that the person gave: "10.0.0.0/8 via 10.1.0.1 dev eth0 metric 20", or "unreachable 10.0.0.0/8".
  void route(std::uint32_t node, std::string_view text);

  lab::Node& operator[](std::uint32_t node) { return lab_.nodes[node]; }
  lab::Lab& lab() { return lab_; }

 private:
  std::uint32_t interface(std::uint32_t node, std::string_view addresses, std::uint8_t end);
  lab::Lab lab_;
};

/// The prefix "10.x.y.z/30" number @p index of a pool, and its two addresses.
[[nodiscard]] std::string address_text(std::uint32_t base, std::uint32_t index, unsigned length,
                                       std::uint32_t host);

/// "10.0.0.0/8 via 10.1.0.1 dev eth0", next hops joined by " + ".
[[nodiscard]] std::string text(const net::Route& route);
[[nodiscard]] std::vector<std::string> texts(const std::vector<net::Route>& routes);

/// What static routing gives each node of @p lab.
[[nodiscard]] std::vector<std::vector<net::Route>> static_routes(const lab::Lab& lab);

/// Chains and the like of routers; every wire has the next /30 of 10.0.0.0/8, and fd00::/112s if asked.
[[nodiscard]] lab::Lab chain(std::uint32_t routers, bool with_v6 = false);
[[nodiscard]] lab::Lab ring(std::uint32_t routers);
[[nodiscard]] lab::Lab tree(std::uint32_t routers, std::uint32_t fanout);
[[nodiscard]] lab::Lab star(std::uint32_t leaves);
[[nodiscard]] lab::Lab mesh(std::uint32_t routers);
[[nodiscard]] lab::Lab grid(std::uint32_t side, bool torus);
/// k pods of k/2 edge and k/2 aggregation routers, (k/2)^2 core routers, k/2 hosts at each edge router.
[[nodiscard]] lab::Lab fat_tree(std::uint32_t k);

}  // namespace hopyard::lower::test
