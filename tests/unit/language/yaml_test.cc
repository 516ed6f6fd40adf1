#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

TEST(Yaml, MergeKeysGiveWhatIsNotThere) {
  const Reading reading = read_text(R"(
nodes:
  a: &base {kind: router, sysctl: &limits {net.ipv4.ip_default_ttl: 9}, env: {A: one}}
  b: {<<: *base, env: {B: two}}
  c: {<<: [{kind: host}, *base], cpu: 1}
  d: {sysctl: {<<: *limits, net.ipv4.ip_forward: 0}}
)");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(node(reading, "b").kind, lab::Kind::Router);
  EXPECT_EQ(node(reading, "b").machine.environment,
            (std::vector<std::pair<std::string, std::string>>{{"B", "two"}}));
  EXPECT_EQ(node(reading, "b").sysctls.at(0).value, "9");
  EXPECT_EQ(node(reading, "c").kind, lab::Kind::Host);
  EXPECT_EQ(node(reading, "d").sysctls.size(), 2U);
}

TEST(Yaml, ABombIsRefused) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char letter = 'b'; letter <= 'k'; ++letter) {
    const char before = static_cast<char>(letter - 1);
    bomb += fmt::format("{0}: &{0} [*{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}]\n", letter,
                        before);
  }
  EXPECT_EQ(said(read_text(bomb)), "7:8 the lab's files grow to more than 2000000 values here\n");
}

TEST(Yaml, DepthIsBounded) {
  EXPECT_EQ(said(read_text("a: " + std::string(100'000, '['))),
            "1:67 maps and lists in each other more than 64 deep\n");
  std::string chain = "a0: &a0 [[[[[[[[[[1]]]]]]]]]]\n";
  for (int i = 1; i < 10; ++i) chain += fmt::format("a{0}: &a{0} [[[[[[[[[[*a{1}]]]]]]]]]]\n", i, i - 1);
  EXPECT_EQ(said(read_text(chain)), "7:19 maps and lists in each other more than 64 deep\n");
}

TEST(Yaml, AnAliasCannotHoldItself) {
  EXPECT_EQ(said(read_text("nodes: &n {a: *n}\n")), "1:15 '*n' stands within what it repeats\n");
  EXPECT_EQ(said(read_text("nodes: *n\n")), "1:8 '*n' repeats an anchor that is not there\n");
}

TEST(Yaml, ColumnsCountLettersNotBytes) {
  EXPECT_EQ(said(read_text("description: ÄÖÜ\nlabels: {wörter: x, ü: [1]}\n")),
            "2:24 a label must be text, not a list\n");
}

TEST(Yaml, AByteOrderMarkIsNoMistake) {
  const Reading reading = read_text(
      "\xEF\xBB\xBF"
      "lab: pair\nlinks: [a -- b]\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(reading.lab.name, "pair");
}

TEST(Yaml, WindowsLineEndsAreNoMistake) {
  const Reading reading = read_text("lab: pair\r\nlinks:\r\n  - a -- b\r\n  - b -- c: {delay: 5}\r\n");
  EXPECT_EQ(said(reading), "4:21 'delay' must be a time with its unit (ns, us, ms, s, m, h), not '5'\n");
}

TEST(Yaml, OneDocument) {
  EXPECT_EQ(said(read_text("lab: a\n---\nlab: b\n")), "2:1 a second document begins here\n");
  EXPECT_EQ(said(read_text("")), "1:1 the file is empty\n");
  EXPECT_EQ(said(read_text("# nothing\n")), "1:1 the file is empty\n");
  EXPECT_EQ(said(read_text("- a\n")), "1:1 a lab file must be a map, not a list\n");
}

TEST(Yaml, TagsMeanNothing) {
  EXPECT_EQ(said(read_text("lab: !secret x\n")), "1:6 the tag '!secret' means nothing in a lab file\n");
  EXPECT_EQ(said(read_text("lab: !!str x\nlinks: [a -- b]\n")), "");
}

TEST(Yaml, KeysAreText) {
  EXPECT_EQ(said(read_text("{[a]: b}\n")).substr(0, 23), "1:2 a key must be text\n");
}

}  // namespace
}  // namespace hopyard::language::test
