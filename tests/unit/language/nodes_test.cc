#include <gtest/gtest.h>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

TEST(Nodes, TheNearestWinsMapsMergeListsReplace) {
  const Reading reading = read_text(R"(
defaults:
  nodes: {env: {A: defaults, B: defaults}, run: [defaults], cpu: 1}
kinds:
  router: {env: {B: router, C: router}}
  edge: {kind: router, env: {C: edge, D: edge}, run: [edge, edge2]}
nodes:
  r[1..2]: {kind: edge, env: {D: range, E: 'number {i}'}}
  r2: {env: {E: single}, run: [single]}
  h: {}
)");
  EXPECT_EQ(said(reading), "");
  const lab::Node& r1 = node(reading, "r1");
  EXPECT_EQ(r1.kind, lab::Kind::Router);
  EXPECT_EQ(r1.routing, lab::Routing::Static);
  EXPECT_EQ(
      r1.machine.environment,
      (Environment{{"A", "defaults"}, {"B", "router"}, {"C", "edge"}, {"D", "range"}, {"E", "number 1"}}));
  EXPECT_EQ(r1.machine.run, (std::vector<std::string>{"edge", "edge2"}));
  const lab::Node& r2 = node(reading, "r2");
  EXPECT_EQ(r2.machine.environment.back().second, "single");
  EXPECT_EQ(r2.machine.run, std::vector<std::string>{"single"});
  const lab::Node& h = node(reading, "h");
  EXPECT_EQ(h.kind, lab::Kind::Host);
  EXPECT_EQ(h.routing, lab::Routing::None);
  EXPECT_EQ(h.machine.cpus, 1);
  EXPECT_EQ(h.machine.hostname, "h");
}

TEST(Nodes, ASingleEntryWinsWhereverItStands) {
  const Reading reading = read_text("nodes:\n  r0: {hostname: first}\n  r[0..1]: {hostname: 'r-{i}'}\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(node(reading, "r0").machine.hostname, "first");
  EXPECT_EQ(node(reading, "r1").machine.hostname, "r-1");
}

TEST(Nodes, DescribedTwiceIsADuplicate) {
  EXPECT_EQ(said(read_text("nodes: {a: {}, a: {}}\n")), "1:16 duplicate node 'a'\n");
  EXPECT_EQ(said(read_text("nodes:\n  a[1..2]: {}\n  a[2..3]: {}\n")), "3:3 duplicate node 'a2'\n");
  EXPECT_EQ(said(read_text("networks: {a: }\nnodes: {a: {}}\n")), "2:9 'a' is a network already\n");
}

TEST(Nodes, KindsMayNotBeMadeOfThemselves) {
  EXPECT_EQ(said(read_text("kinds: {a: {kind: b}, b: {kind: a}}\nnodes: {h: {kind: a}}\n")),
            "1:19 kind 'b' is made of itself\n1:33 kind 'a' is made of itself\n");
}

TEST(Nodes, AMistakeInARangeIsOneMistake) {
  EXPECT_EQ(said(read_text("nodes:\n  n[1..1000]: {cpu: two, hostname: 'n {i}'}\n")),
            "2:21 'cpu' must be a number of processors such as 0.5 or 2, not 'two'\n"
            "2:36 'n 1' cannot be a host name\n");
}

TEST(Nodes, TruthValuesAreNotText) {
  for (const char* word : {"yes", "No", "on", "OFF", "true", "n"}) {
    const Reading reading = read_text(std::string("nodes: {h: {env: {A: ").append(word).append("}}}\n"));
    EXPECT_EQ(said(reading),
              std::string("1:22 '").append(word).append("' is a truth value to YAML, not text\n"));
  }
  EXPECT_EQ(said(read_text("nodes: {h: {env: {A: 'yes'}}}\n")), "");
}

TEST(Nodes, FilesComeInlineOrFromFiles) {
  const Reading reading = read_files({{"lab.yaml", R"(
nodes:
  h[1..2]:
    files:
      /etc/a: text {i}
      /etc/b: {text: "#!/bin/sh\n", mode: '0755'}
      /etc/c: {file: data/c}
    firewall: {file: data/rules}
)"},
                                      {"data/c", "{i} stays"},
                                      {"data/rules", "table inet t {}"}});
  EXPECT_EQ(said(reading), "");
  const lab::Node& h2 = node(reading, "h2");
  ASSERT_EQ(h2.machine.files.size(), 3U);
  EXPECT_EQ(h2.machine.files[0].content, "text 2");
  EXPECT_EQ(h2.machine.files[1].mode, 0755U);
  EXPECT_EQ(h2.machine.files[2].content, "{i} stays");
  EXPECT_EQ(h2.firewall, std::vector<std::string>{"table inet t {}"});
}

TEST(Nodes, FilesHavePlainPaths) {
  const Reading reading =
      read_text("nodes:\n  h:\n    files: {etc/a: x, /a/../b: x, /a//b: x, /a/: x, /./a: x}\n");
  EXPECT_EQ(reading.diagnostics.errors(), 5U) << said(reading);
}

TEST(Nodes, SysctlsAreThoseOfANetworkNamespace) {
  EXPECT_EQ(
      said(read_text("nodes:\n  h:\n    sysctl: {kernel.panic: 1, net/ipv4/ip_forward: 1, net..x: 1}\n")),
      "3:14 sysctl 'kernel.panic' belongs to the whole host\n"
      "3:31 'net/ipv4/ip_forward' cannot be the name of a sysctl\n"
      "3:55 'net..x' cannot be the name of a sysctl\n");
  EXPECT_EQ(said(read_text("nodes:\n  h: {sysctl: {net.ipv4.conf.eth1.rp_filter: 1}}\nlinks: [h -- g]\n")),
            "2:3 sysctl 'net.ipv4.conf.eth1.rp_filter': 'h' has no interface 'eth1'\n");
}

TEST(Nodes, ContentCannotFillTheMemory) {
  const std::string large(1'000'000, 'x');
  const Reading reading = read_text("nodes:\n  n[1..100000]: {files: {/a: '" + large + "'}}\n");
  EXPECT_EQ(said(reading), "2:30 the texts of all nodes grow to more than 512 MiB here\n");
}

TEST(Nodes, DefaultsNameWhatTheyAreFor) {
  const Reading reading = read_text("defaults: {sysctl: {}, delay: 5ms}\n");
  EXPECT_EQ(said(reading), "1:12 'sysctl' cannot stand here\n1:24 'delay' cannot stand here\n");
  EXPECT_EQ(reading.diagnostics.all().at(0).help, "defaults: {nodes: {sysctl: ...}}");
  EXPECT_EQ(reading.diagnostics.all().at(1).help, "defaults: {links: {delay: ...}}");
}

TEST(Nodes, ReservedWordsSayNotYet) {
  EXPECT_EQ(said(read_text("timeline: []\n")), "1:1 'timeline' is not yet supported\n");
}

TEST(Lab, IsNamedAfterItsFile) {
  const auto name = [](const std::string& path) {
    Options options;
    options.path = path;
    return read(options, [](const std::string&) -> Result<std::string> { return "links: [a -- b]"; })
        .lab.name;
  };
  EXPECT_EQ(name("office.yaml"), "office");
  EXPECT_EQ(name("a/office.hop.yaml"), "office");
  EXPECT_EQ(name("office/lab.hop.yaml"), "office");
  EXPECT_EQ(name("x/office/lab.yml"), "office");
  EXPECT_EQ(name("lab.yaml"), "lab");
  EXPECT_EQ(name("./lab.yaml"), "lab");
  EXPECT_EQ(name("my lab (2).yaml"), "my-lab--2-");
}

TEST(Lab, TakesTheNameOfTheOptions) {
  Options options;
  options.name = "other";
  EXPECT_EQ(read_text("lab: x\nlinks: [a -- b]\n", options).lab.name, "other");
  options.name = "not a name";
  EXPECT_EQ(said(read_text("lab: x\n", options)), "0:0 'not a name' cannot be the name of a lab\n");
}

}  // namespace
}  // namespace hopyard::language::test
