#include "tests/unit/lower/labs.hh"

#include <fmt/format.h>

#include <sstream>

#include "lab/segments.hh"
#include "lower/routing/static_routes.hh"

namespace hopyard::lower::test {
namespace {

constexpr std::uint32_t pool = 0x0A000000;  // 10.0.0.0

std::vector<InterfaceAddress> addresses(std::string_view text) {
  std::vector<InterfaceAddress> found;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) found.push_back(*InterfaceAddress::parse(word));
  return found;
}

/// Wires with the next subnet each.
class Wires {
 public:
  explicit Wires(bool with_v6 = false) : with_v6_(with_v6) {}
  void add(Builder& builder, std::uint32_t left, std::uint32_t right) {
    builder.link(left, ends(1), right, ends(2));
    ++next_;
  }

 private:
  [[nodiscard]] std::string ends(std::uint32_t host) const {
    std::string text = address_text(pool, next_, 30, host);
    if (with_v6_) text += fmt::format(" fd00:0:0:{:x}::{}/64", next_, host);
    return text;
  }
  bool with_v6_;
  std::uint32_t next_ = 0;
};

std::vector<std::uint32_t> routers(Builder& builder, std::uint32_t count) {
  std::vector<std::uint32_t> made;
  for (std::uint32_t i = 0; i < count; ++i) made.push_back(builder.router(fmt::format("r{}", i)));
  return made;
}

}  // namespace

std::string address_text(std::uint32_t base, std::uint32_t index, unsigned length, std::uint32_t host) {
  const IpAddress address = IpAddress::v4(base + (index << (32U - length)) + host);
  return fmt::format("{}/{}", address.text(), length);
}

std::uint32_t Builder::node(std::string name, lab::Kind kind) {
  lab::Node node;
  node.name = std::move(name);
  node.kind = kind;
  node.routing = kind == lab::Kind::Router ? lab::Routing::Static : lab::Routing::None;
  lab_.nodes.push_back(std::move(node));
  return static_cast<std::uint32_t>(lab_.nodes.size() - 1);
}

std::uint32_t Builder::network(std::string name) {
  lab_.networks.push_back({});
  lab_.networks.back().name = std::move(name);
  return static_cast<std::uint32_t>(lab_.networks.size() - 1);
}

std::uint32_t Builder::interface(std::uint32_t node, std::string_view text, std::uint8_t end) {
  lab::Node& owner = lab_.nodes[node];
  lab::Interface made;
  made.name = fmt::format("eth{}", owner.interfaces.size());
  made.mac = Mac::derived(lab_.name, owner.name, made.name);
  made.addresses = addresses(text);
  made.link = static_cast<std::uint32_t>(lab_.links.size());
  made.end = end;
  owner.interfaces.push_back(std::move(made));
  return static_cast<std::uint32_t>(owner.interfaces.size() - 1);
}

lab::Link& Builder::link(std::uint32_t left, std::string_view left_addresses, std::uint32_t right,
                         std::string_view right_addresses, std::uint32_t cost) {
  lab::Link link;
  link.ends[0] = {lab::End::To::Node, left, interface(left, left_addresses, 0)};
  link.ends[1] = {lab::End::To::Node, right, interface(right, right_addresses, 1)};
  link.cost = cost;
  return lab_.links.emplace_back(std::move(link));
}

lab::Link& Builder::attach(std::uint32_t node, std::string_view text, std::uint32_t network,
                           std::uint32_t cost) {
  lab::Link link;
  link.ends[0] = {lab::End::To::Node, node, interface(node, text, 0)};
  link.ends[1] = {lab::End::To::Network, network, lab::none};
  link.cost = cost;
  return lab_.links.emplace_back(std::move(link));
}

void Builder::loopback(std::uint32_t node, std::string_view text) {
  for (const InterfaceAddress& one : addresses(text)) lab_.nodes[node].loopback.push_back(one);
}

void Builder::route(std::uint32_t node, std::string_view text) {
  std::istringstream words{std::string(text)};
  net::Route route;
  net::NextHop hop;
  std::string word;
  words >> word;
  if (word == "unreachable") {
    route.type = net::Route::Type::Unreachable;
    words >> word;
  }
  route.to = *Prefix::parse(word);
  for (std::string value; words >> word >> value;) {
    if (word == "via")
      hop.via = IpAddress::parse(value);
    else if (word == "dev")
      hop.device = value;
    else if (word == "metric")
      route.metric = static_cast<std::uint32_t>(std::stoul(value));
    else if (word == "table")
      route.table = static_cast<std::uint32_t>(std::stoul(value));
  }
  if (route.type == net::Route::Type::Unicast) route.next_hops.push_back(hop);
  lab_.nodes[node].routes.push_back(std::move(route));
}

std::string text(const net::Route& route) {
  std::string line = route.to.length == 0 ? "default" : route.to.text();
  if (route.type == net::Route::Type::Unreachable) line = "unreachable " + line;
  for (const net::NextHop& hop : route.next_hops) {
    if (&hop != &route.next_hops.front()) line += " +";
    if (hop.via) line += " via " + hop.via->text();
    line += " dev " + hop.device;
  }
  if (route.metric != 0) line += fmt::format(" metric {}", route.metric);
  return line;
}

std::vector<std::string> texts(const std::vector<net::Route>& routes) {
  std::vector<std::string> lines;
  for (const net::Route& route : routes) lines.push_back(text(route));
  return lines;
}

std::vector<std::vector<net::Route>> static_routes(const lab::Lab& lab) {
  return routing::static_routes(lab, lab::segments(lab));
}

lab::Lab chain(std::uint32_t count, bool with_v6) {
  Builder builder;
  Wires wires(with_v6);
  const auto all = routers(builder, count);
  for (std::uint32_t i = 0; i + 1 < count; ++i) wires.add(builder, all[i], all[i + 1]);
  return std::move(builder.lab());
}

lab::Lab ring(std::uint32_t count) {
  Builder builder;
  Wires wires;
  const auto all = routers(builder, count);
  for (std::uint32_t i = 0; i < count; ++i) wires.add(builder, all[i], all[(i + 1) % count]);
  return std::move(builder.lab());
}

lab::Lab tree(std::uint32_t count, std::uint32_t fanout) {
  Builder builder;
  Wires wires;
  const auto all = routers(builder, count);
  for (std::uint32_t i = 1; i < count; ++i) wires.add(builder, all[(i - 1) / fanout], all[i]);
  return std::move(builder.lab());
}

lab::Lab star(std::uint32_t leaves) {
  Builder builder;
  Wires wires;
  const auto all = routers(builder, leaves + 1);
  for (std::uint32_t i = 1; i <= leaves; ++i) wires.add(builder, all[0], all[i]);
  return std::move(builder.lab());
}

lab::Lab mesh(std::uint32_t count) {
  Builder builder;
  Wires wires;
  const auto all = routers(builder, count);
  for (std::uint32_t i = 0; i < count; ++i)
    for (std::uint32_t j = i + 1; j < count; ++j) wires.add(builder, all[i], all[j]);
  return std::move(builder.lab());
}

lab::Lab grid(std::uint32_t side, bool torus) {
  Builder builder;
  Wires wires;
  const auto all = routers(builder, side * side);
  for (std::uint32_t y = 0; y < side; ++y)
    for (std::uint32_t x = 0; x < side; ++x) {
      if (x + 1 < side || torus) wires.add(builder, all[y * side + x], all[y * side + (x + 1) % side]);
      if (y + 1 < side || torus) wires.add(builder, all[y * side + x], all[(y + 1) % side * side + x]);
    }
  return std::move(builder.lab());
}

lab::Lab fat_tree(std::uint32_t k) {
  Builder builder;
  Wires wires;
  const std::uint32_t half = k / 2;
  const auto core = routers(builder, half * half);
  for (std::uint32_t pod = 0; pod < k; ++pod) {
    std::vector<std::uint32_t> aggregation;
    for (std::uint32_t i = 0; i < half; ++i) {
      aggregation.push_back(builder.router(fmt::format("agg{}-{}", pod, i)));
      for (std::uint32_t j = 0; j < half; ++j) wires.add(builder, core[i * half + j], aggregation[i]);
    }
    for (std::uint32_t i = 0; i < half; ++i) {
      const std::uint32_t edge = builder.router(fmt::format("edge{}-{}", pod, i));
      for (const std::uint32_t above : aggregation) wires.add(builder, above, edge);
      for (std::uint32_t j = 0; j < half; ++j)
        wires.add(builder, edge, builder.host(fmt::format("h{}-{}-{}", pod, i, j)));
    }
  }
  return std::move(builder.lab());
}

}  // namespace hopyard::lower::test
