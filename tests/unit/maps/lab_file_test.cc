#include "maps/lab_file.hh"

#include <gtest/gtest.h>

#include "language/language.hh"
#include "maps/gml.hh"
#include "maps/graphml.hh"

namespace hopyard::maps {
namespace {

Map map_of(const std::string& text) {
  SourceMap sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("map", text);
  auto map =
      text.starts_with('<') ? read_graphml(sources, file, diagnostics) : read_gml(sources, file, diagnostics);
  for (const Diagnostic& one : diagnostics.all()) ADD_FAILURE() << render(one, sources, false);
  return map ? *map : Map{};
}

lab::Lab lab_of(const Map& map, const LabFileOptions& options = {}) {
  language::Options reading;
  reading.path = "lab.yaml";
  auto read = language::read(
      reading, [&](const std::string&) -> Result<std::string> { return lab_file(map, options); });
  for (const Diagnostic& one : read.diagnostics.all()) ADD_FAILURE() << render(one, read.sources, false);
  return std::move(read.lab);
}

std::string label(const lab::Labels& labels, std::string_view name) {
  for (const auto& [key, value] : labels)
    if (key == name) return value;
  return "(none)";
}

constexpr auto pair = R"(graph [
  node [ id 1 label "a" Latitude 0 Longitude 0 ]
  node [ id 2 label "b" Latitude 0 Longitude 9 ]
  edge [ source 1 target 2 LinkLabel "10 Gbps" LinkSpeedRaw 10000000000.0 ]
])";

TEST(LabFile, NodesAreRoutersAndCostsFollowDistances) {
  const lab::Lab lab = lab_of(map_of(pair), {.path = "dir/p.gml", .format = "GML", .name = ""});
  EXPECT_EQ(lab.name, "p");
  ASSERT_EQ(lab.nodes.size(), 2U);
  EXPECT_EQ(lab.nodes[0].kind, lab::Kind::Router);
  ASSERT_EQ(lab.links.size(), 1U);
  EXPECT_EQ(lab.links[0].cost, 100U) << "1,000.8 km";
  EXPECT_EQ(label(lab.links[0].labels, "name"), "10 Gbps");
  EXPECT_TRUE(lab.links[0].out.none() && lab.links[0].back.none());
}

TEST(LabFile, RoutersSpeakWhatTheyAreTold) {
  LabFileOptions options;
  options.routing = "ospf";
  options.daemon = "bird";
  const lab::Lab lab = lab_of(map_of(pair), options);
  ASSERT_EQ(lab.nodes.size(), 2U);
  for (const lab::Node& node : lab.nodes) {
    EXPECT_TRUE(node.dynamic.ospf.runs);
    EXPECT_EQ(node.dynamic.daemon, lab::Daemon::Bird);
  }
}

TEST(LabFile, OptionsChangeCostDelayAndRate) {
  const Map map = map_of(pair);
  const lab::Lab lab = lab_of(
      map,
      {.path = "", .format = "", .name = "mine", .kilometres_of_cost = 100, .delay = true, .rate = true});
  EXPECT_EQ(lab.name, "mine");
  EXPECT_EQ(lab.links[0].cost, 10U);
  for (const net::Impairment& direction : {lab.links[0].out, lab.links[0].back}) {
    EXPECT_EQ(direction.delay, std::chrono::microseconds(5004));
    EXPECT_EQ(direction.rate, 10'000'000'000U);
  }
  EXPECT_EQ(lab_of(map, {.path = "p", .format = "", .name = "", .kilometres_of_cost = 0}).links[0].cost, 1U);
  EXPECT_EQ(lab_of(map, {.path = "p", .format = "", .name = "", .kilometres_of_cost = 1e-9}).links[0].cost,
            65535U);
  EXPECT_EQ(lab_of(map, {.path = "p", .format = "", .name = "", .kilometres_of_cost = 1e9}).links[0].cost,
            1U);
}

/// Whatever a label holds, the lab has it as it was.
TEST(LabFile, LabelsComeThroughTheLanguage) {
  for (const std::string name :
       {"NO",  "yes", "null", "~",   "5",   "1e3",    "it's",    "\"q\"",    "a: b",   "a #b",
        "- x", "? x", "[x]",  "{x}", "{i}", "{{i}}",  "${HOME}", "$${HOME}", "$$${X}", "&a",
        "*a",  "!t",  "%t",   "@t",  "`t",  "|",      ">",       "a,b",      "\\n",    "東京",
        "é",   "<<",  "=",    "-",   "--",  "a -- b", "'",       "''",       ":"}) {
    Map map;
    map.nodes.resize(2);
    map.nodes[0].id = "1";
    map.nodes[1].id = "2";
    map.nodes[0].label = map.nodes[0].country = map.nodes[0].type = name;
    map.edges.push_back({{0, 1}, name, std::nullopt, {}});
    const lab::Lab lab = lab_of(map, {.path = "p.gml", .format = "GML", .name = ""});
    ASSERT_EQ(lab.nodes.size(), 2U) << name;
    EXPECT_EQ(label(lab.nodes[0].labels, "name"), name);
    EXPECT_EQ(label(lab.nodes[0].labels, "country"), name);
    EXPECT_EQ(label(lab.nodes[0].labels, "type"), name);
    ASSERT_EQ(lab.links.size(), 1U) << name;
    EXPECT_EQ(label(lab.links[0].labels, "name"), name);
  }
}

/// The same map in both formats gives the same lab file, but for the line that tells where it is from.
TEST(LabFile, BothFormatsSayTheSame) {
  const Map gml =
      map_of(R"(graph [ label "L" node [ id 1 label "a&#228;" Country "C" Latitude 1.5 Longitude -2.5 ]
    node [ id 2 label "?" ] edge [ source 1 target 2 LinkLabel "x" LinkSpeedRaw 1e6 ] edge [ source 2 target 1 ] ])");
  const Map xml = map_of(
      R"(<graphml><key id="0" for="node" attr.name="label"/><key id="1" for="node" attr.name="Latitude"/>
    <graph><data key="label">L</data>
    <node id="1"><data key="0">a&#228;</data><data key="Country">C</data><data key="1">1.5</data><data key="Longitude">-2.5</data></node>
    <node id="2"><data key="0">?</data></node>
    <edge source="1" target="2"><data key="LinkLabel">x</data><data key="LinkSpeedRaw">1e6</data></edge><edge source="2" target="1"/>
    </graph></graphml>)");
  const LabFileOptions options{.path = "m", .format = "F", .name = "", .delay = true, .rate = true};
  EXPECT_EQ(lab_file(gml, options), lab_file(xml, options));
  EXPECT_EQ(gml.edges.size(), 2U);
}

TEST(LabFile, TheCommentsAtItsHeadAreComments) {
  Map map = map_of(pair);
  map.network = "N";
  map.source = "http://example.org/";
  const std::string text = lab_file(map, {.path = "a\nb.gml", .format = "GML", .name = ""});
  EXPECT_TRUE(
      text.starts_with("# A network of 2 nodes and 1 link, from the GML file a b.gml by hopyard import.\n"
                       "# network: N\n# source: http://example.org/\n# cost: 1 for each 10 km of a link\n"
                       "\nlab: 'N'\n"))
      << text;
}

}  // namespace
}  // namespace hopyard::maps
