#include <gtest/gtest.h>

#include "cli/command.hh"

namespace hopyard::cli {
namespace {

using Words = std::vector<std::string_view>;

/// A verb with one of each.
struct Sample {
  Command command;
  std::string lab;
  std::string first;
  std::vector<std::string> rest;
  std::vector<std::string> trailing;
  bool all = false;
  bool quick = false;
  bool separated = false;

  Sample() {
    command.positional("FIRST", first, "the first", Completes::Nothing, true);
    command.positionals("REST", rest, "the others", Completes::Nothing);
    command.option('l', "lab", "LAB", lab, "the lab", Completes::Lab);
    command.flag('a', "all", all, "all of them");
    command.flag('q', "quick", quick, "quickly");
  }
  std::string parse(const Words& words) {
    const auto parsed = command.parse(words);
    return parsed
               ? ""
               : parsed.error().detail + (parsed.error().remedy.empty() ? "" : " / " + parsed.error().remedy);
  }
};

TEST(Parse, OptionsMayStandAnywhere) {
  Sample sample;
  EXPECT_EQ(sample.parse({"one", "--all", "two", "-l", "office", "three"}), "");
  EXPECT_EQ(sample.first, "one");
  EXPECT_EQ(sample.rest, (std::vector<std::string>{"two", "three"}));
  EXPECT_EQ(sample.lab, "office");
  EXPECT_TRUE(sample.all);
}

TEST(Parse, AValueHasFourSpellings) {
  for (const Words& words :
       {Words{"-l", "x", "a"}, Words{"-lx", "a"}, Words{"--lab", "x", "a"}, Words{"--lab=x", "a"}}) {
    Sample sample;
    EXPECT_EQ(sample.parse(words), "");
    EXPECT_EQ(sample.lab, "x");
  }
}

TEST(Parse, LettersMayStandTogether) {
  Sample sample;
  EXPECT_EQ(sample.parse({"-aqlx", "a"}), "");
  EXPECT_TRUE(sample.all && sample.quick);
  EXPECT_EQ(sample.lab, "x");
}

TEST(Parse, DashesEndTheOptions) {
  Sample sample;
  EXPECT_EQ(sample.parse({"a", "--", "--all", "-"}), "");
  EXPECT_FALSE(sample.all);
  EXPECT_EQ(sample.rest, (std::vector<std::string>{"--all", "-"}));
}

TEST(Parse, MistakesSayWhatToWrite) {
  EXPECT_EQ(Sample().parse({"a", "--al"}), "there is no option --al / did you mean '--all'?");
  EXPECT_EQ(Sample().parse({"a", "-x"}), "there is no option -x");
  EXPECT_EQ(Sample().parse({"a", "--lab"}), "--lab needs a value / write --lab LAB");
  EXPECT_EQ(Sample().parse({"a", "-l"}), "-l needs a value / write -l LAB");
  EXPECT_EQ(Sample().parse({"a", "--all=1"}), "--all takes no value");
  EXPECT_EQ(Sample().parse({}), "FIRST is missing");
}

TEST(Parse, AWordTooManyIsNamed) {
  Command command;
  std::string only;
  command.positional("ONLY", only, "it", Completes::Nothing);
  const std::string_view words[] = {"a", "b"};
  EXPECT_EQ(command.parse(words).error().detail, "'b' is one word too many");
}

struct WithCommand : Sample {
  WithCommand() { command.command(trailing, separated); }
};

TEST(Parse, ACommandIsNotLookedInto) {
  WithCommand sample;
  EXPECT_EQ(sample.parse({"pc1", "--", "ls", "--all", "--", "-l"}), "");
  EXPECT_TRUE(sample.separated);
  EXPECT_FALSE(sample.all);
  EXPECT_EQ(sample.trailing, (std::vector<std::string>{"ls", "--all", "--", "-l"}));
}

TEST(Parse, AnOptionOfACommandWithoutDashesIsAsked) {
  Command command;
  std::vector<std::string> nodes;
  std::vector<std::string> trailing;
  std::string lab;
  bool separated = false;
  command.positionals("NODE", nodes, "where", Completes::Node);
  command.option('l', "lab", "LAB", lab, "the lab");
  command.command(trailing, separated);
  const std::string_view words[] = {"pc1", "ls", "-l"};
  const auto parsed = command.parse(words);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().detail, "is -l an option of hopyard or of the command?");
  EXPECT_EQ(parsed.error().remedy, "write -- before a command that has options of its own");
}

TEST(Parse, ALinkIsOneWordHoweverItIsWritten) {
  for (const Words& words : {Words{"a", "--", "b", "delay=1ms"}, Words{"a -- b", "delay=1ms"}}) {
    Sample sample;
    sample.command.links_are_words();
    EXPECT_EQ(sample.parse(words), "");
    EXPECT_EQ(sample.first, "a -- b");
    EXPECT_EQ(sample.rest, (std::vector<std::string>{"delay=1ms"}));
  }
}

TEST(Parse, OfACommandThatFollowsANameNothingIsLookedInto) {
  const auto parsed = [](const Words& words) {
    Command command;
    std::string name;
    bool all = false;
    bool quick = false;
    std::vector<std::string> rest;
    command.positional("NAME", name, "where", Completes::Nothing);
    command.flag('a', "all", all, "everywhere");
    command.flag('q', "quick", quick, "quickly");
    command.rest(rest, "all");
    const auto result = command.parse(words);
    std::string text = result ? name : result.error().detail;
    text += all ? " all" : "";
    text += quick ? " quick:" : ":";
    for (const std::string& word : rest) text += ' ' + word;
    return text;
  };
  EXPECT_EQ(parsed({"blue", "ping", "-q", "--all"}), "blue: ping -q --all");
  EXPECT_EQ(parsed({"-q", "blue", "ls"}), "blue quick: ls");
  EXPECT_EQ(parsed({"blue", "-q", "ls"}), "blue quick: ls");
  EXPECT_EQ(parsed({"blue", "--", "-q"}), "blue: -q");
  EXPECT_EQ(parsed({"--all", "ls", "-all"}), " all: ls -all");
  EXPECT_EQ(parsed({"-all", "ls"}), " all: ls");
  EXPECT_EQ(parsed({"-a", "--", "ls"}), " all: ls");
  EXPECT_EQ(parsed({"blue"}), "blue:");
  EXPECT_EQ(parsed({}), ":");
  EXPECT_EQ(parsed({"--frob", "blue", "ls"}), "there is no option --frob: ls");
}

}  // namespace
}  // namespace hopyard::cli
