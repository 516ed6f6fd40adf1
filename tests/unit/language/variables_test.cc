#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

Options with(std::vector<std::pair<std::string, std::string>> variables, std::string environment = {}) {
  Options options;
  options.variables = std::move(variables);
  options.environment = [environment](const std::string& name) {
    return name == "FROM" && !environment.empty() ? std::optional(environment) : std::nullopt;
  };
  return options;
}

std::string description(const std::string& text, Options options = {}) {
  const Reading reading = read_text(text + "\nlinks: [a -- b]\n", std::move(options));
  return reading.diagnostics.failed() ? said(reading) : reading.lab.description;
}

TEST(Variables, SettingsComeBeforeTheEnvironmentBeforeTheFile) {
  const std::string text = "variables: {FROM: file}\ndescription: ${FROM}";
  EXPECT_EQ(description(text), "file");
  EXPECT_EQ(description(text, with({}, "environment")), "environment");
  EXPECT_EQ(description(text, with({{"FROM", "setting"}}, "environment")), "setting");
  EXPECT_EQ(description(text, with({{"FROM", "one"}, {"FROM", "two"}})), "two");
}

TEST(Variables, HaveDefaults) {
  EXPECT_EQ(description("description: a${X:-b}c"), "abc");
  EXPECT_EQ(description("variables: {X: ''}\ndescription: a${X:-b}c"), "abc");
  EXPECT_EQ(description("variables: {X: ''}\ndescription: a${X}c"), "ac");
}

TEST(Variables, ADoubledDollarIsPlain) {
  EXPECT_EQ(description("description: $${X} $X $"), "${X} $X $");
}

TEST(Variables, AreMadeOfOthers) {
  EXPECT_EQ(description("variables: {A: x, B: '${A}${A}'}\ndescription: ${B}"), "xx");
  EXPECT_EQ(description("variables: {A: '${B}', B: '${A}'}\ndescription: ${A}"),
            "1:16 variable 'B' is made of itself\n");
}

TEST(Variables, UndefinedOnesAreErrors) {
  EXPECT_EQ(description("variables: {NAME: x}\ndescription: ${NAEM}"), "2:14 variable 'NAEM' has no value\n");
  const Reading reading = read_text("variables: {NAME: x}\ndescription: ${NAEM}\n");
  EXPECT_EQ(reading.diagnostics.all().front().help, "did you mean 'NAME'?");
}

TEST(Variables, ASettingThatNothingUsesIsAnError) {
  EXPECT_EQ(description("description: ${COUNT:-1}", with({{"CONUT", "1"}})),
            "0:0 --set CONUT: the lab uses no variable of this name\n");
}

TEST(Variables, StandInKeysAndRanges) {
  const Reading reading = read_text(
      "variables: {N: 3, IF: wan}\nnodes:\n  'h[1..${N}]': {}\nlinks:\n  - h[1..${N}]:${IF} -- sw\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(links(reading), "h1:wan -- sw:eth0, h2:wan -- sw:eth1, h3:wan -- sw:eth2");
}

TEST(Variables, AreArithmetic) {
  const Reading reading =
      read_text("variables: {BASE: 100}\nlinks:\n  - a[1..2] -- b: {cost: '${BASE} + i'}\n");
  EXPECT_EQ(said(reading), "");
  EXPECT_EQ(reading.lab.links.at(1).cost, 102U);
}

TEST(Variables, CannotFillTheMemory) {
  std::string text = "variables:\n  A0: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n";
  for (int i = 1; i < 30; ++i) text += fmt::format("  A{0}: ${{A{1}}}${{A{1}}}\n", i, i - 1);
  EXPECT_NE(description(text + "description: ${A29}").find("variables make this text longer than 1 MiB"),
            std::string::npos);
}

TEST(Variables, SyntaxIsChecked) {
  EXPECT_EQ(description("description: ${A"), "1:14 a '${' without its '}'\n");
  EXPECT_EQ(description("description: ${A%.*}"), "1:14 '${A%.*}' is not a variable\n");
  EXPECT_EQ(description("variables: {1A: x}"), "1:13 '1A' cannot be the name of a variable\n");
}

}  // namespace
}  // namespace hopyard::language::test
