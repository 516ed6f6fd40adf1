#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "language/language.hh"
#include "maps/lab_file.hh"

namespace hopyard::maps {

inline void require(bool holds) {
  if (!holds) std::abort();
}

/// The lab file of a map has its nodes and links, and no mistake, whatever its labels are.
inline void check_lab_file(const Map& map) {
  const std::string text =
      lab_file(map, {.path = "map", .format = "map", .name = "", .delay = true, .rate = true});
  language::Options options;
  options.path = "lab.yaml";
  const auto reading =
      language::read(options, [&](const std::string&) -> Result<std::string> { return text; });
  for (const Diagnostic& one : reading.diagnostics.all())
    std::fputs(render(one, reading.sources, false).c_str(), stderr);
  require(!reading.diagnostics.failed());
  require(reading.lab.nodes.size() == map.nodes.size() && reading.lab.links.size() == map.edges.size());
}

template <class Read>
void check_map(Read read, const std::uint8_t* data, std::size_t size) {
  SourceMap sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("map", std::string(reinterpret_cast<const char*>(data), size));
  const auto map = read(sources, file, diagnostics);
  for (const Diagnostic& one : diagnostics.all()) require(!render(one, sources, false).empty());
  require(map.has_value() != diagnostics.failed());
  if (map) check_lab_file(*map);
}

}  // namespace hopyard::maps
