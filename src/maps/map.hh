#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/source.hh"

/// Maps of real networks, as others draw them, and the lab files that they become.
namespace hopyard::maps {

/// Where something stands on Earth, in degrees; north and east are positive.
struct Place {
  double latitude = 0;   ///< -90 to 90
  double longitude = 0;  ///< -180 to 180
};

struct Node {
  std::string id;     ///< by which edges name it; unique
  std::string label;  ///< as it is in the file; may be empty, and that of many
  std::string country;
  std::string type;
  std::optional<Place> place;
  Span at;
};

struct Edge {
  std::array<std::size_t, 2> ends{};  ///< indices into Map::nodes, two different ones
  std::string label;
  std::optional<double> speed;  ///< bits per second, above 0
  Span at;
};

/// What a file says of a network. Texts are UTF-8 on one line, without control characters.
struct Map {
  std::string label;
  std::string network;  ///< whose it is
  std::string extent;   ///< where
  std::string source;   ///< where its drawer has it from, mostly an address in the web
  std::string date;
  bool directed = false;
  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

/// What the language allows in a lab.
inline constexpr std::size_t most_nodes = 100'000;
inline constexpr std::size_t most_edges = 1'000'000;
/// Lists or elements in each other.
inline constexpr std::size_t deepest = 64;

}  // namespace hopyard::maps
