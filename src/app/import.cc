#include "app/import.hh"

#include "app/files.hh"
#include "language/keys.hh"
#include "language/names.hh"
#include "maps/gml.hh"
#include "maps/graphml.hh"
#include "maps/names.hh"

namespace hopyard::app {

std::optional<MapFormat> parse_map_format(std::string_view word) {
  if (word == "gml") return MapFormat::Gml;
  if (word == "graphml") return MapFormat::GraphMl;
  return std::nullopt;
}

std::optional<std::string> bad_lab_name(std::string_view name) {
  return language::bad_lab_name(name);
}

std::vector<std::string> map_routings() {
  std::vector<std::string> words;
  for (const std::string_view one : language::offered(language::routing_words()))
    // BGP would need the number of each router's autonomous system.
    if (one != "bgp") words.emplace_back(one);
  return words;
}

std::vector<std::string> daemon_names() {
  const auto words = language::offered(language::daemon_words());
  return {words.begin(), words.end()};
}

Result<Imported> import_map(MapFormat format, maps::LabFileOptions options) {
  HOPYARD_TAKE(contents, read_file(options.path));
  Imported imported;
  const std::uint32_t file = imported.sources.add(options.path, std::move(contents));
  const bool gml = format == MapFormat::Gml;
  const auto map = gml ? maps::read_gml(imported.sources, file, imported.diagnostics)
                       : maps::read_graphml(imported.sources, file, imported.diagnostics);
  if (!map) return imported;
  options.format = gml ? "GML" : "GraphML";
  if (options.name.empty()) options.name = maps::lab_name(*map, options.path);
  imported.text = maps::lab_file(*map, options);
  imported.lab = std::move(options.name);
  imported.nodes = map->nodes.size();
  imported.links = map->edges.size();
  return imported;
}

}  // namespace hopyard::app
