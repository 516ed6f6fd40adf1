#include "cli/help.hh"

#include <fmt/format.h>

#include <algorithm>

namespace hopyard::cli {
namespace {

constexpr std::size_t line_width = 80;

/// Breaks @p words between words so that no line is longer than a terminal; lines after the first start with
/// @p indent spaces.
std::string wrapped(std::string_view words, std::size_t indent) {
  std::string text;
  std::size_t column = indent;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (column != indent && column + 1 + word.size() > line_width) {
      text += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column != indent) {
      text += ' ';
      ++column;
    }
    text += word;
    column += word.size();
  }
  return text;
}

struct Row {
  std::string left;
  std::string_view right;
};

std::string rows_text(const std::vector<Row>& rows) {
  std::size_t widest = 0;
  for (const Row& row : rows) widest = std::max(widest, row.left.size());
  std::string text;
  for (const Row& row : rows)
    text += fmt::format("  {:<{}}  {}\n", row.left, widest, wrapped(row.right, widest + 4));
  return text;
}

/// What is done, without the verb, if the summary begins with it.
std::string_view object_of(const Verb& verb) {
  std::string_view rest = verb.summary;
  if (!rest.starts_with(verb.name) || rest.size() <= verb.name.size() || rest[verb.name.size()] != ' ')
    return {};
  return rest.substr(verb.name.size() + 1);
}

/// The verbs of a group with their summaries; those that follow each other and are done to the same have one
/// line.
std::string rows_of(Group group) {
  std::vector<Row> rows;
  std::string_view before;
  for (const Verb* verb : verbs()) {
    if (verb->group != group || is_part(*verb)) continue;
    const std::string_view object = object_of(*verb);
    if (!object.empty() && object == before)
      rows.back() = {fmt::format("{}  {}", rows.back().left, verb->name), object};
    else
      rows.push_back({std::string(verb->name), verb->summary});
    before = object;
  }
  std::string text;
  for (const Row& row : rows) text += fmt::format("  {:<11} {}\n", row.left, row.right);
  return text;
}

/// The verbs of which @p verb is the first word.
std::string parts_text(const Verb& verb) {
  if (!has_parts(verb)) return {};
  std::vector<Row> rows;
  for (const Verb* other : verbs())
    if (is_part(*other) && other->name.starts_with(verb.name))
      rows.push_back({std::string(other->name), other->summary});
  return "\nverbs\n" + rows_text(rows);
}

}  // namespace

std::string_view title(Group group) {
  switch (group) {
    case Group::Lab:
      return "labs";
    case Group::Inside:
      return "inside a lab";
    case Group::Change:
      return "change a running lab";
    case Group::Host:
      return "host";
    case Group::Help:
      return "hopyard";
    case Group::Hidden:
      return "";
  }
  return "";
}

std::string spelling(const Option& option) {
  std::string text = option.letter != 0 ? fmt::format("-{}, --{}", option.letter, option.name)
                                        : fmt::format("--{}", option.name);
  return option.placeholder.empty() ? text : fmt::format("{} {}", text, option.placeholder);
}

std::string overview() {
  std::string text = "hopyard makes whole networks on one machine from a lab file.\n";
  for (const Group group : {Group::Lab, Group::Inside, Group::Change})
    text += fmt::format("{}\n{}", title(group), rows_of(group));
  // Names alone, so that all of it fits a screen.
  for (const Group group : {Group::Host, Group::Help}) {
    text += (group == Group::Host ? "" : "   ") + std::string(title(group));
    for (const Verb* verb : verbs())
      if (verb->group == group && !is_part(*verb)) text += fmt::format("  {}", verb->name);
  }
  return text + '\n' + "'hopyard VERB --help' tells all about a verb, with examples; 'man hopyard' all.\n";
}

std::string synopsis(const Verb& verb, const Command& command) {
  std::string text = fmt::format("hopyard {} [OPTIONS]", verb.name);
  for (const Positional& place : command.positionals()) {
    const std::string name = fmt::format("{}{}", place.name, place.many ? "..." : "");
    text += place.required ? fmt::format(" {}", name) : fmt::format(" [{}]", name);
  }
  if (command.trailing() == Trailing::Command) text += " -- COMMAND...";
  if (command.trailing() == Trailing::Rest) text += " COMMAND...";
  return text;
}

std::string help(const Verb& verb, const Command& command) {
  std::string text = fmt::format("{}\n\n{}\n", synopsis(verb, command), wrapped(verb.about, 0));
  std::vector<Row> rows;
  for (const Positional& place : command.positionals()) rows.push_back({std::string(place.name), place.help});
  if (!rows.empty()) text += "\narguments\n" + rows_text(rows);
  text += parts_text(verb);
  rows.clear();
  for (const Option& option : command.options()) rows.push_back({spelling(option), option.help});
  text += "\noptions\n" + rows_text(rows) + "\nexamples\n";
  for (const Example& example : verb.examples)
    text += fmt::format("  {}\n      {}\n", example.command, wrapped(example.says, 6));
  return text;
}

}  // namespace hopyard::cli
