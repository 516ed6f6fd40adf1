#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/diagnostic.hh"
#include "maps/map.hh"

namespace hopyard::maps {

/// A map while a reader finds its parts, whatever the format; texts are well-formed UTF-8. What is wrong with
/// the map itself is reported here, in finish() what concerns several parts.
class Draft {
 public:
  explicit Draft(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  /// @return the number by which the part is named below. @p at is where it was written.
  std::size_t add_node(Span at);
  std::size_t add_edge(Span at);
  void set_id(std::size_t node, std::string_view id, Span at);
  /// @param end 0 for the source, 1 for the target.
  void set_end(std::size_t edge, std::size_t end, std::string_view id, Span at);

  /// What a part has by the name @p key, as the Topology Zoo calls it: label, Country, Latitude (lat),
  /// Longitude (lon), type; LinkLabel or label, LinkSpeedRaw; label, Network, GeoExtent, Source, NetworkDate.
  /// Capitals do not matter, unknown keys are passed over.
  void graph(std::string_view key, std::string_view text);
  void node(std::size_t node, std::string_view key, std::string_view text, Span at);
  void edge(std::size_t edge, std::string_view key, std::string_view text, Span at);
  void set_directed() { map_.directed = true; }

  /// @param whole the file, for what concerns all of it. @return nothing after an error.
  [[nodiscard]] std::optional<Map> finish(Span whole);

 private:
  struct Coordinates {
    std::optional<double> latitude;
    std::optional<double> longitude;
  };
  struct End {
    std::string id;
    Span at;
  };
  using Ends = std::array<End, 2>;

  void index_nodes();
  /// Index of the node at an end of the edge; nothing, after a report, if there is none.
  std::optional<std::size_t> find(std::size_t edge, std::size_t end);
  void connect();
  std::optional<double> degrees(std::string_view key, std::string_view text, double most, Span at);

  Diagnostics& diagnostics_;
  Map map_;
  std::vector<Coordinates> coordinates_;                // of each node
  std::vector<Ends> ends_;                              // of each edge
  std::vector<Span> id_at_;                             // of each node
  std::unordered_map<std::string, std::size_t> index_;  // of the nodes, by id
};

/// Reports the first byte of the file that is no UTF-8. @return whether there was none.
[[nodiscard]] bool is_utf8(std::string_view text, std::uint32_t file, Diagnostics& diagnostics);

}  // namespace hopyard::maps
