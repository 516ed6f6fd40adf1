#include "maps/draft.hh"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "language/utf8.hh"
#include "maps/unicode.hh"

namespace hopyard::maps {
namespace {

char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

bool is(std::string_view key, std::string_view name) {
  return std::ranges::equal(key, name, {}, lower, lower);
}

std::optional<double> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::size_t Draft::add_node(Span at) {
  if (map_.nodes.size() == most_nodes)
    diagnostics_.error(at, fmt::format("the map has more than {} nodes", most_nodes));
  map_.nodes.emplace_back().at = at;
  coordinates_.emplace_back();
  id_at_.push_back(at);
  return map_.nodes.size() - 1;
}

std::size_t Draft::add_edge(Span at) {
  if (map_.edges.size() == most_edges)
    diagnostics_.error(at, fmt::format("the map has more than {} edges", most_edges));
  map_.edges.emplace_back().at = at;
  ends_.emplace_back();
  return map_.edges.size() - 1;
}

void Draft::set_id(std::size_t node, std::string_view id, Span at) {
  map_.nodes[node].id = on_one_line(id);
  id_at_[node] = at;
}

void Draft::set_end(std::size_t edge, std::size_t end, std::string_view id, Span at) {
  ends_[edge][end] = {on_one_line(id), at};
}

void Draft::graph(std::string_view key, std::string_view text) {
  if (is(key, "label")) map_.label = on_one_line(text);
  if (is(key, "network")) map_.network = on_one_line(text);
  if (is(key, "geoextent")) map_.extent = on_one_line(text);
  if (is(key, "source")) map_.source = on_one_line(text);
  if (is(key, "networkdate")) map_.date = on_one_line(text);
}

void Draft::node(std::size_t node, std::string_view key, std::string_view text, Span at) {
  Node& one = map_.nodes[node];
  if (is(key, "label")) one.label = on_one_line(text);
  if (is(key, "country")) one.country = on_one_line(text);
  if (is(key, "type")) one.type = on_one_line(text);
  if (is(key, "latitude") || is(key, "lat")) coordinates_[node].latitude = degrees("latitude", text, 90, at);
  if (is(key, "longitude") || is(key, "lon"))
    coordinates_[node].longitude = degrees("longitude", text, 180, at);
}

void Draft::edge(std::size_t edge, std::string_view key, std::string_view text, Span at) {
  Edge& one = map_.edges[edge];
  if (is(key, "linklabel") || (is(key, "label") && one.label.empty())) one.label = on_one_line(text);
  if (!is(key, "linkspeedraw")) return;
  const auto speed = number(on_one_line(text));
  if (speed && *speed >= 1 && *speed <= 1e15)
    one.speed = speed;
  else
    diagnostics_.warning(at, fmt::format("'{}' is no speed in bits per second", on_one_line(text)),
                         "the link goes without one");
}

std::optional<double> Draft::degrees(std::string_view key, std::string_view text, double most, Span at) {
  const std::string line = on_one_line(text);
  const auto value = number(line);
  if (value && std::abs(*value) <= most) return value;
  diagnostics_.warning(at, fmt::format("'{}' is no {} from -{} to {} degrees", line, key, most, most),
                       "the node goes without a place");
  return std::nullopt;
}

void Draft::index_nodes() {
  for (std::size_t i = 0; i < map_.nodes.size(); ++i) {
    const std::string& id = map_.nodes[i].id;
    if (id.empty())
      diagnostics_.error(id_at_[i], "this node has no id", "edges name nodes by their ids");
    else if (!index_.try_emplace(id, i).second)
      diagnostics_.error(id_at_[i], fmt::format("a second node with the id '{}'", id),
                         "edges name nodes by their ids, so each has its own");
    const auto& [latitude, longitude] = coordinates_[i];
    if (latitude && longitude) map_.nodes[i].place = Place{*latitude, *longitude};
  }
}

std::optional<std::size_t> Draft::find(std::size_t edge, std::size_t end) {
  const auto& [id, at] = ends_[edge][end];
  const std::string_view what = end == 0 ? "source" : "target";
  if (const auto found = index_.find(id); found != index_.end()) return found->second;
  if (id.empty())
    diagnostics_.error(
        at.known() ? at : map_.edges[edge].at, fmt::format("this edge has no {}", what),
        fmt::format("'{}' is the id of the node where it {}", what, end == 0 ? "begins" : "ends"));
  else
    diagnostics_.error(at, fmt::format("there is no node with the id '{}'", id));
  return std::nullopt;
}

void Draft::connect() {
  std::vector<Edge> kept;
  for (std::size_t i = 0; i < map_.edges.size(); ++i) {
    const auto one = find(i, 0);
    const auto other = find(i, 1);
    if (!one || !other) continue;
    if (*one == *other) {
      diagnostics_.warning(map_.edges[i].at, "this edge leads from a node to itself",
                           "it is left out: a link joins two nodes");
      continue;
    }
    map_.edges[i].ends = {*one, *other};
    kept.push_back(std::move(map_.edges[i]));
  }
  map_.edges = std::move(kept);
}

std::optional<Map> Draft::finish(Span whole) {
  if (map_.nodes.empty()) diagnostics_.error(whole, "the map has no nodes");
  index_nodes();
  connect();
  if (map_.directed && !map_.edges.empty())
    diagnostics_.warning(map_.edges.front().at, "the map is directed: each of its edges becomes a link",
                         "of two edges, there and back, delete one");
  diagnostics_.sort();
  if (diagnostics_.failed()) return std::nullopt;
  return std::move(map_);
}

bool is_utf8(std::string_view text, std::uint32_t file, Diagnostics& diagnostics) {
  const auto bad = language::first_bad_byte(text);
  if (!bad) return true;
  const auto at = static_cast<std::uint32_t>(*bad);
  diagnostics.error(
      {file, at, at + 1},
      fmt::format("the file is not UTF-8: byte {} is 0x{:02X}", at, static_cast<unsigned char>(text[*bad])),
      "save the file as UTF-8: iconv -f LATIN1 -t UTF-8");
  return false;
}

}  // namespace hopyard::maps
