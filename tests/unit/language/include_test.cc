#include <gtest/gtest.h>

#include "language/context.hh"
#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

TEST(Include, MapsMergeLinksAppendListsReplace) {
  const Reading reading = read_files({{"lab.yaml", R"(
include: base/common.yaml
nodes:
  a: {env: {X: outer}, run: [third]}
links: [b -- c]
)"},
                                      {"base/common.yaml", R"(
lab: inner
nodes:
  a: {kind: router, env: {X: inner, Z: inner}, run: [first, second]}
links: [a -- b]
)"}});
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(reading.lab.name, "inner");
  const lab::Node& a = node(reading, "a");
  EXPECT_EQ(a.kind, lab::Kind::Router);
  EXPECT_EQ(a.machine.environment,
            (std::vector<std::pair<std::string, std::string>>{{"X", "outer"}, {"Z", "inner"}}));
  EXPECT_EQ(a.machine.run, std::vector<std::string>{"third"});
  EXPECT_EQ(links(reading), "a:eth0 -- b:eth0, b:eth1 -- c:eth0");
}

TEST(Include, IsRelativeToTheFileThatSaysIt) {
  const Reading reading =
      read_files({{"lab.yaml", "include: [sub/a.yaml]\n"},
                  {"sub/a.yaml", "include: ./more/../b.yaml\nnodes: {h: {files: {/f: {file: data}}}}\n"},
                  {"sub/b.yaml", "links: [h -- g]\n"},
                  {"sub/data", "content"}});
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(node(reading, "h").machine.files.at(0).content, "content");
}

TEST(Include, ACycleIsReportedWithItsChain) {
  const Reading reading = read_files(
      {{"lab.yaml", "include: a.yaml\n"}, {"a.yaml", "include: b.yaml\n"}, {"b.yaml", "include: a.yaml\n"}});
  EXPECT_EQ(said(reading), "1:10 'a.yaml' includes itself\n");
  EXPECT_EQ(reading.diagnostics.all().front().help, "a.yaml -> b.yaml -> a.yaml");
}

TEST(Include, AFileCountsOnce) {
  const Reading reading = read_files({{"lab.yaml", "include: [a.yaml, b.yaml]\n"},
                                      {"a.yaml", "include: c.yaml\n"},
                                      {"b.yaml", "include: c.yaml\n"},
                                      {"c.yaml", "links: [a -- b]\n"}});
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(reading.lab.links.size(), 1U);
}

TEST(Include, MistakesOfAllFilesAreReported) {
  const Reading reading =
      read_files({{"lab.yaml", "include: [a.yaml, none.yaml]\nlinks: [x]\n"}, {"a.yaml", "nodez: {}\n"}});
  EXPECT_EQ(said(reading),
            "1:19 cannot read none.yaml: No such file or directory\n"
            "2:9 'x' is not a link\n"
            "1:1 unknown key 'nodez'\n");
}

TEST(Include, VariablesOfTheIncludingFileWin) {
  const Reading reading = read_files({{"lab.yaml", "include: ${DIR}/a.yaml\nvariables: {DIR: d, N: 2}\n"},
                                      {"d/a.yaml", "variables: {N: 7}\nlinks: ['h[1..${N}] -- sw']\n"}});
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(reading.lab.links.size(), 2U);
}

TEST(Join, ResolvesByName) {
  EXPECT_EQ(join("lab.yaml", "a.yaml"), "a.yaml");
  EXPECT_EQ(join("x/lab.yaml", "../a.yaml"), "a.yaml");
  EXPECT_EQ(join("x/lab.yaml", "../../a.yaml"), "../a.yaml");
  EXPECT_EQ(join("/x/lab.yaml", "../../../a"), "/a");
  EXPECT_EQ(join("x/lab.yaml", "/etc/./a"), "/etc/a");
}

}  // namespace
}  // namespace hopyard::language::test
