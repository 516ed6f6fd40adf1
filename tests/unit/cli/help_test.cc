#include "cli/help.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/complete.hh"
#include "cli/man.hh"
#include "cli/run.hh"
#include "view/width.hh"

namespace hopyard::cli {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string help_of(const Verb& verb) {
  Output output;
  return help(verb, Invocation(verb, output).command());
}

TEST(Help, TheOverviewFitsAScreen) {
  const auto lines = lines_of(overview());
  EXPECT_LE(lines.size(), 24U);
  for (const std::string& line : lines) EXPECT_LE(view::display_width(line), 80U) << line;
}

TEST(Help, TheOverviewHasEveryVerb) {
  for (const Verb* verb : verbs()) {
    const bool mentioned = std::ranges::any_of(std::string(" \n"), [&](char end) {
      return overview().find(std::string("  ") + std::string(verb->name) + end) != std::string::npos;
    });
    EXPECT_EQ(mentioned, verb->group != Group::Hidden && !is_part(*verb)) << verb->name;
  }
}

TEST(Help, EveryVerbHasAnExampleOfItself) {
  for (const Verb* verb : verbs()) {
    ASSERT_FALSE(verb->examples.empty()) << verb->name;
    for (const Example& example : verb->examples)
      EXPECT_NE(example.command.find("hopyard " + std::string(verb->name)), std::string::npos)
          << example.command;
    EXPECT_NE(help_of(*verb).find(verb->examples[0].command), std::string::npos);
  }
}

TEST(Help, EveryVerbFitsATerminalAndHasJson) {
  for (const Verb* verb : verbs()) {
    const std::string text = help_of(*verb);
    EXPECT_NE(text.find("--json"), std::string::npos) << verb->name;
    for (const std::string& line : lines_of(text))
      EXPECT_TRUE(line.starts_with("  hopyard") || view::display_width(line) <= 80U) << line;
  }
}

/// The examples have to be command lines that are understood.
TEST(Help, EveryExampleParses) {
  for (const Verb* verb : verbs()) {
    for (const Example& example : verb->examples) {
      std::string_view command = example.command;
      if (!command.starts_with("hopyard ")) continue;
      command = command.substr(0, command.find_first_of("<>"));
      while (command.ends_with(' ')) command.remove_suffix(1);
      auto words = split_line(command);
      const Spoken spoken = spoken_verb(std::vector<std::string_view>(words.begin(), words.end()));
      ASSERT_NE(spoken.verb, nullptr) << example.command;
      words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(spoken.words));
      Output output;
      Command arguments;
      const auto action = spoken.verb->make(arguments);
      arguments.flag(0, "json", output.json, "");
      const std::vector<std::string_view> views(words.begin(), words.end());
      const auto parsed = arguments.parse(views);
      EXPECT_TRUE(parsed.has_value()) << example.command << ": " << (parsed ? "" : parsed.error().text());
    }
  }
}

TEST(Help, AVerbOfTwoWordsIsToldOfByTheFirst) {
  const std::string text = help_of(*find_verb("netns"));
  for (const Verb* verb : verbs())
    if (is_part(*verb)) {
      EXPECT_NE(text.find("  " + std::string(verb->name) + ' '), std::string::npos) << verb->name;
    }
  EXPECT_TRUE(has_parts(*find_verb("netns")));
  EXPECT_FALSE(has_parts(*find_verb("up")));
}

TEST(Help, TheSecondWordOfAVerbMayBeShortened) {
  const auto spoken = [](std::vector<std::string_view> words) {
    const Spoken found = spoken_verb(words);
    return std::string(found.verb == nullptr ? "none" : found.verb->name) + ' ' + std::to_string(found.words);
  };
  EXPECT_EQ(spoken({"netns"}), "netns 1");
  EXPECT_EQ(spoken({"netns", "--json"}), "netns 1");
  EXPECT_EQ(spoken({"netns", "add", "x"}), "netns add 2");
  EXPECT_EQ(spoken({"netns", "list"}), "netns list 2");
  EXPECT_EQ(spoken({"netns", "li"}), "netns list 2");
  EXPECT_EQ(spoken({"netns", "list-id"}), "netns list-id 2");
  EXPECT_EQ(spoken({"netns", "del", "x"}), "netns delete 2");
  EXPECT_EQ(spoken({"netns", "frob"}), "none 2");
  EXPECT_EQ(spoken({"up", "lab.yaml"}), "up 1");
  EXPECT_EQ(spoken({"frob"}), "none 1");
}

TEST(Help, UnknownVerbsAreSuggested) {
  EXPECT_EQ(unknown_verb("netns lsit").remedy, "did you mean 'netns list'?");
  EXPECT_EQ(unknown_verb("pu").remedy, "did you mean 'up'?");
  EXPECT_EQ(unknown_verb("shwo").remedy, "did you mean 'show'?");
  EXPECT_EQ(unknown_verb("frobnicate").remedy, "");
  EXPECT_EQ(unknown_verb("--frob").detail, "there is no option '--frob'");
}

std::string document(const std::string& name) {
  std::ifstream file(std::string(HOPYARD_SOURCE_DIR) + "/docs/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Documents, TellOfEveryVerbAndOption) {
  const std::string text = document("cli.md");
  for (const Verb* verb : verbs()) {
    if (verb->group == Group::Hidden) continue;
    const std::size_t begin = text.find("\n## " + std::string(verb->name) + "\n");
    ASSERT_NE(begin, std::string::npos) << verb->name;
    const std::string section = text.substr(begin, text.find("\n## ", begin + 1) - begin);
    EXPECT_NE(section.find("hopyard " + std::string(verb->name)), std::string::npos) << verb->name;
    Output output;
    const Invocation invocation(*verb, output);
    for (const Option& option : invocation.command().options()) {
      if (option.name == "json" || option.name == "help") continue;
      EXPECT_NE(section.find("--" + std::string(option.name)), std::string::npos)
          << verb->name << " --" << option.name;
    }
  }
}

TEST(Documents, TellOfTheJsonOfEveryVerb) {
  const std::string text = document("json.md");
  for (const Verb* verb : verbs())
    EXPECT_EQ(text.find("\n## " + std::string(verb->name)) != std::string::npos, verb->group != Group::Hidden)
        << verb->name;
}

TEST(Man, HasEveryVerbAndNoStrayRequest) {
  const std::string page = man_page("1.2.3");
  EXPECT_TRUE(page.starts_with(".TH HOPYARD 1 \"\" \"hopyard 1.2.3\" \"User Commands\"\n"));
  for (const Verb* verb : verbs())
    EXPECT_EQ(page.find("\n.SS " + std::string(verb->name) + "\n") != std::string::npos,
              verb->group != Group::Hidden);
  constexpr std::string_view requests[] = {".TH", ".SH", ".SS", ".TP", ".PP",
                                           ".nf", ".fi", ".RS", ".RE", ".BR"};
  for (const std::string& line : lines_of(page)) {
    if (!line.starts_with('.')) continue;
    EXPECT_NE(std::ranges::find(requests, line.substr(0, 3)), std::end(requests)) << line;
  }
}

TEST(Scripts, ForEachShell) {
  for (const char* shell : {"bash", "zsh", "fish"})
    EXPECT_NE(completion_script(shell).find("__complete --shell " + std::string(shell)),
              std::string_view::npos);
  EXPECT_TRUE(completion_script("tcsh").empty());
}

}  // namespace
}  // namespace hopyard::cli
