#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hh"
#include "base/error.hh"
#include "maps/lab_file.hh"

namespace hopyard::app {

enum class MapFormat : std::uint8_t { Gml, GraphMl };

/// "gml" or "graphml".
[[nodiscard]] std::optional<MapFormat> parse_map_format(std::string_view word);

/// Why @p name cannot be that of a lab; nothing when it can.
[[nodiscard]] std::optional<std::string> bad_lab_name(std::string_view name);

/// What the routers of a map can route by, as the lab language calls it: all that needs no more than to be
/// named.
[[nodiscard]] std::vector<std::string> map_routings();
[[nodiscard]] std::vector<std::string> daemon_names();

/// A map read, and the lab file made from it. The text is empty if diagnostics.failed().
struct Imported {
  SourceMap sources;
  Diagnostics diagnostics;
  std::string lab;
  std::size_t nodes = 0;
  std::size_t links = 0;
  std::string text;
};

/// Reads the map at options.path, which is all that it touches; options.format is filled in.
/// The error says that there is no file to read; mistakes in it are diagnostics.
[[nodiscard]] Result<Imported> import_map(MapFormat format, maps::LabFileOptions options);

}  // namespace hopyard::app
