#include "kernel/rulesets.hh"

#include <fmt/format.h>

#include <algorithm>

namespace hopyard::kernel {
namespace {

constexpr std::string_view beginning = "table ";
constexpr std::string_view end_of_set = "\t}\n";

/// Takes a line, with its end, off @p text.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
  text.remove_prefix(line.size());
  return line;
}

bool begins_set(std::string_view line) {
  return line.starts_with("\tset ") || line.starts_with("\tmap ");
}

/// "\t\tflags dynamic,timeout": of a set that does not only have what the ruleset puts into it.
bool says_passing(std::string_view line) {
  return line.starts_with("\t\tflags ") &&
         (line.find("dynamic") != std::string_view::npos || line.find("timeout") != std::string_view::npos);
}

/// Moves the rest of a set, which begins with @p first, from @p listing into @p table.
void take_set(std::string_view first, std::string_view& listing, RulesetTable& table) {
  PassingSet set{std::string(first), {}};
  bool passing = false;
  while (!listing.empty() && !set.declaration.ends_with('\n' + std::string(end_of_set))) {
    std::string_view line = take_line(listing);
    passing = passing || says_passing(line);
    if (!line.starts_with("\t\telements = {")) {
      set.declaration += line;
      continue;
    }
    set.elements += line;
    while (!listing.empty() && !line.ends_with("}\n")) set.elements += line = take_line(listing);
    if (!passing) set.declaration += set.elements;  // flags stand before elements
  }
  table.text += set.declaration;
  if (passing) table.passing.push_back(std::move(set));
}

}  // namespace

std::vector<RulesetTable> tables_of(std::string_view listing) {
  std::vector<RulesetTable> tables;
  while (!listing.empty()) {
    const std::string_view line = take_line(listing);
    if (line.starts_with(beginning)) {
      const std::string_view rest = line.substr(beginning.size());
      tables.push_back({std::string(rest.substr(0, std::min(rest.find(" {"), rest.find('\n')))), {}, {}});
    }
    // Between tables there are remarks about who manages them.
    if (tables.empty() || line.starts_with('#')) continue;
    if (begins_set(line))
      take_set(line, listing, tables.back());
    else
      tables.back().text += line;
  }
  return tables;
}

std::string replacement(const RulesetTable& wanted, const RulesetTable& found) {
  std::string text = wanted.text;
  for (const PassingSet& set : wanted.passing) {
    const auto same = std::ranges::find(found.passing, set.declaration, &PassingSet::declaration);
    const std::string& elements = same == found.passing.end() ? set.elements : same->elements;
    text.insert(text.find(set.declaration) + set.declaration.size() - end_of_set.size(), elements);
  }
  return fmt::format("table {}\ndelete table {}\n{}", wanted.name, wanted.name, text);
}

}  // namespace hopyard::kernel
