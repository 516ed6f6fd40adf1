// Lab files, all the way down to routes: the examples, and the one that docs/static-routing.md explains.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "language/language.hh"
#include "lower/lower.hh"
#include "tests/unit/lower/labs.hh"

namespace hopyard::lower {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string file(const std::string& path) {
  std::ifstream stream(std::string(HOPYARD_SOURCE_DIR "/") + path);
  EXPECT_TRUE(stream) << path;
  return {std::istreambuf_iterator<char>(stream), {}};
}

net::Desired lowered(const std::string& text) {
  language::Options options;
  options.path = "lab.yaml";
  language::Reading reading =
      language::read(options, [&](const std::string&) { return Result<std::string>(text); });
  for (const Diagnostic& one : reading.diagnostics.all())
    ADD_FAILURE() << render(one, reading.sources, false);
  Diagnostics diagnostics;
  net::Desired desired = lower(reading.lab, diagnostics);
  EXPECT_THAT(diagnostics.all(), IsEmpty());
  return desired;
}

std::vector<std::string> routes(const net::Desired& desired, const std::string& name) {
  for (const net::Namespace& one : desired.namespaces)
    if (one.name == name) return test::texts(one.routes);
  return {"no such node"};
}

TEST(FromFile, AHundredHopsTakeAHandfulOfRoutesEach) {
  const net::Desired desired = lowered(file("examples/hundred-hops/lab.hop.yaml"));
  ASSERT_EQ(desired.namespaces.size(), 101U);
  for (const net::Namespace& one : desired.namespaces) EXPECT_LE(one.routes.size(), 7U) << one.name;
  EXPECT_THAT(routes(desired, "ROUTER_100"), ElementsAre("default via 172.31.100.1 dev eth0"));
  EXPECT_THAT(routes(desired, "ROUTER_98"),
              ElementsAre("default via 172.31.98.1 dev eth0", "172.31.100.0/24 via 172.31.99.2 dev eth1"));
}

TEST(FromFile, AnOfficeReachesTheInternetThroughItsGateway) {
  const net::Desired desired = lowered(file("examples/office/lab.hop.yaml"));
  EXPECT_THAT(routes(desired, "gw"), ElementsAre("8.8.8.8/32 via 203.0.113.1 dev wan0"));
  EXPECT_THAT(routes(desired, "pc7"), ElementsAre("default via 192.168.10.1 dev eth0"));
  EXPECT_EQ(desired.namespaces.back().name, "lan");
  EXPECT_EQ(desired.namespaces.back().role, net::Namespace::Role::Segment);
}

/// The indented blocks of a text, each line without its indentation.
std::vector<std::string> blocks(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    const bool indented = line.starts_with("    ");
    if (indented && !inside) found.emplace_back();
    if (indented) found.back() += line.substr(4) + "\n";
    inside = indented || (inside && line.empty());
  }
  return found;
}

TEST(FromFile, TheTablesOfTheDocumentAreThoseOfItsLab) {
  const std::vector<std::string> parts = blocks(file("docs/static-routing.md"));
  ASSERT_GE(parts.size(), 2U);
  const net::Desired desired = lowered(parts[0]);
  std::map<std::string, std::vector<std::string>> tables;
  std::istringstream lines(parts[1]);
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(' '))
      name = line.substr(0, line.find(' '));
    else
      line.insert(0, name);
    tables[name].push_back(line.substr(line.find_first_not_of(' ', name.size())));
  }
  EXPECT_EQ(tables.size(), 4U);
  for (const auto& [node, table] : tables) EXPECT_EQ(routes(desired, node), table) << node;
}

}  // namespace
}  // namespace hopyard::lower
