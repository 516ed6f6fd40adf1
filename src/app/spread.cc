#include "app/spread.hh"

#include <fmt/format.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <functional>

#include "app/hops.hh"

namespace hopyard::app {
namespace {

constexpr std::uint32_t main_table = 254;

bool owns(const net::SeenRoute& seen) {
  return seen.route.type == net::Route::Type::Local ||
         (seen.protocol == RTPROT_KERNEL && seen.route.type == net::Route::Type::Unicast);
}

bool leads_to_a_gateway(const net::SeenRoute& seen) {
  return std::ranges::any_of(seen.route.next_hops,
                             [](const net::NextHop& hop) { return hop.via.has_value(); });
}

bool by_hand(const net::SeenRoute& seen) {
  return seen.protocol == RTPROT_STATIC || seen.protocol == RTPROT_BOOT;
}

}  // namespace

Result<Prefix> parse_prefix(std::string_view word) {
  if (word == "default") return Prefix{IpAddress::v4(0), 0};
  if (const auto prefix = Prefix::parse(word)) return *prefix;
  if (const auto address = IpAddress::parse(word)) return Prefix::of(*address, bits(address->family()));
  const auto given = InterfaceAddress::parse(word);
  return refusal("read the command line", fmt::format("'{}' is no prefix", word),
                 given ? fmt::format("did you mean {}?", given->prefix().text())
                       : "write for instance 10.9.0.0/24, fd00::/64, or default");
}

Spread::Spread(const Prefix& prefix, std::vector<std::string> nodes, keeper::Description lab)
    : prefix_(prefix),
      names_(std::move(nodes)),
      lab_(std::move(lab)),
      nodes_(names_.size()),
      hops_(names_.size()) {}

bool Spread::concerns(const net::SeenRoute& seen) const {
  if (seen.route.to != prefix_) return false;
  return seen.route.table == main_table ||
         (seen.route.table == net::local_table && seen.route.type == net::Route::Type::Local);
}

void Spread::note(Node& node, const net::SeenRoute& seen) {
  node.routes.push_back(seen);
  if (!node.first) node.first = seen;
  node.owner = node.owner || owns(seen);
}

void Spread::begin(std::uint32_t who, const std::vector<net::SeenRoute>& routes) {
  for (const net::SeenRoute& seen : routes) {
    if (!concerns(seen)) continue;
    nodes_[who].at_start = true;
    note(nodes_[who], seen);
  }
  measure();
}

std::optional<SpreadStep> Spread::take(std::uint32_t who, double seconds,
                                       const observe::RouteChange& change) {
  if (!concerns(change.route)) return std::nullopt;
  Node& node = nodes_[who];
  SpreadStep step{SpreadStep::Kind::Changed, who, seconds, {}, change.route};
  if (change.added) {
    // What it takes the place of is told just before, and may have left nothing.
    if (node.routes.empty() && !change.replaced) step.kind = SpreadStep::Kind::Got;
    if (!node.first) node.seconds = seconds;
    if (step.kind == SpreadStep::Kind::Got && node.lost) node.again = seconds;
    note(node, change.route);
  } else {
    std::erase(node.routes, change.route);
    if (change.replaced) return std::nullopt;
    if (node.routes.empty()) {
      step.kind = SpreadStep::Kind::Lost;
      node.lost = seconds;
    }
  }
  ++node.changes;
  last_step_ = std::max(seconds, last_step_.value_or(seconds));
  if (step.kind != SpreadStep::Kind::Changed)
    moves_.push_back({who, step.kind == SpreadStep::Kind::Got, seconds});
  measure();
  step.hops = hops_[who];
  return step;
}

std::vector<std::string> Spread::origins() const {
  const auto those = [this](const std::function<bool(const Node&)>& are) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (nodes_[i].first && are(nodes_[i])) names.push_back(names_[i]);
    return names;
  };
  if (auto names = those(&Node::owner); !names.empty()) return names;
  auto names = those([](const Node& node) { return !leads_to_a_gateway(*node.first); });
  if (!names.empty()) return names;
  auto at_start = those(&Node::at_start);
  if (at_start.size() == 1) return at_start;
  if (!at_start.empty()) return those([](const Node& node) { return node.at_start && by_hand(*node.first); });
  std::optional<double> earliest;
  for (const Node& node : nodes_)
    if (node.seconds) earliest = std::min(*node.seconds, earliest.value_or(*node.seconds));
  return those([&](const Node& node) { return node.seconds == earliest; });
}

void Spread::measure() {
  auto from = origins();
  if (from == measured_from_) return;
  hops_ = hop_distances(lab_, names_, from);
  measured_from_ = std::move(from);
}

std::vector<SpreadRow> Spread::rows() const {
  std::vector<SpreadRow> rows;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    rows.push_back({names_[i], hops_[i], node.at_start, node.seconds, node.lost, node.again, node.changes,
                    node.routes.empty() ? std::nullopt : std::optional(node.routes.front())});
  }
  const auto order = [](const SpreadRow& row) {
    return std::tuple(row.hops.value_or(UINT32_MAX), !row.at_start && !row.seconds, row.seconds.value_or(0));
  };
  std::ranges::stable_sort(rows, {}, order);
  return rows;
}

std::optional<double> Spread::duration() const {
  std::optional<double> first;
  std::optional<double> last;
  for (const Node& node : nodes_) {
    if (!node.seconds) continue;
    first = std::min(*node.seconds, first.value_or(*node.seconds));
    last = std::max(*node.seconds, last.value_or(*node.seconds));
  }
  return last ? std::optional(*last - *first) : std::nullopt;
}

}  // namespace hopyard::app
