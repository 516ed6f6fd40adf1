#include "app/impair.hh"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/quantity.hh"
#include "base/suggest.hh"

namespace hopyard::app {
namespace {

using net::Impairment;

std::unexpected<Error> wrong(std::string detail, std::string remedy) {
  return refusal("read the impairment", std::move(detail), std::move(remedy));
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Puts what @p parsed holds into @p place. @return false when it holds nothing.
template <class Value, class Place>
bool put(const std::optional<Value>& parsed, Place& place) {
  if (parsed) place = *parsed;
  return parsed.has_value();
}

struct Key {
  std::string_view name;
  std::string_view example;
  bool (*read)(std::string_view text, Impairment& into);
  void (*copy)(const Impairment& from, Impairment& to);
};

constexpr std::array table{
    Key{"delay", "20ms",
        [](std::string_view text, Impairment& into) { return put(parse_duration(text), into.delay); },
        [](const Impairment& from, Impairment& to) { to.delay = from.delay; }},
    Key{"jitter", "2ms",
        [](std::string_view text, Impairment& into) { return put(parse_duration(text), into.jitter); },
        [](const Impairment& from, Impairment& to) { to.jitter = from.jitter; }},
    Key{"loss", "1%",
        [](std::string_view text, Impairment& into) { return put(parse_percent(text), into.loss); },
        [](const Impairment& from, Impairment& to) { to.loss = from.loss; }},
    Key{"rate", "50mbit",
        [](std::string_view text, Impairment& into) { return put(parse_rate(text), into.rate); },
        [](const Impairment& from, Impairment& to) { to.rate = from.rate; }},
    Key{"corrupt", "0.1%",
        [](std::string_view text, Impairment& into) { return put(parse_percent(text), into.corrupt); },
        [](const Impairment& from, Impairment& to) { to.corrupt = from.corrupt; }},
    Key{"duplicate", "1%",
        [](std::string_view text, Impairment& into) { return put(parse_percent(text), into.duplicate); },
        [](const Impairment& from, Impairment& to) { to.duplicate = from.duplicate; }},
    Key{"reorder", "5%",
        [](std::string_view text, Impairment& into) { return put(parse_percent(text), into.reorder); },
        [](const Impairment& from, Impairment& to) { to.reorder = from.reorder; }},
    Key{"limit", "1000",
        [](std::string_view text, Impairment& into) {
          return put(whole_number<std::uint32_t>(text), into.limit);
        },
        [](const Impairment& from, Impairment& to) { to.limit = from.limit; }},
    Key{"seed", "42",
        [](std::string_view text, Impairment& into) {
          return put(whole_number<std::uint64_t>(text), into.seed);
        },
        [](const Impairment& from, Impairment& to) { to.seed = from.seed; }},
};

constexpr auto known_names = [] {
  std::array<std::string_view, table.size()> list;
  for (std::size_t i = 0; i < table.size(); ++i) list[i] = table[i].name;
  return list;
}();

Result<> read_pair(std::string_view word, ImpairmentChange& change) {
  const std::string_view name = word.substr(0, word.find('='));
  const auto key = std::ranges::find(table, name, &Key::name);
  if (key == table.end()) {
    std::string remedy = did_you_mean(name, known_names);
    if (remedy.empty())
      remedy = fmt::format("there are {}; then out, back and none", fmt::join(known_names, ", "));
    return wrong(fmt::format("there is no impairment '{}'", name), std::move(remedy));
  }
  if (name.size() == word.size() || !key->read(word.substr(name.size() + 1), change.values))
    return wrong(fmt::format("'{}' does not say how much", word),
                 fmt::format("write for instance {}={}", name, key->example));
  change.keys.emplace_back(name);
  return {};
}

}  // namespace

std::span<const std::string_view> impairment_keys() {
  return known_names;
}

Impairment ImpairmentChange::applied_to(const Impairment& now) const {
  Impairment result = clear ? Impairment{} : now;
  for (const Key& key : table)
    if (std::ranges::find(keys, key.name) != keys.end()) key.copy(values, result);
  return result;
}

Result<ImpairmentChange> parse_impairment(std::span<const std::string> words) {
  ImpairmentChange change;
  for (const std::string& word : words) {
    if (word == "none")
      change.clear = true;
    else if (word == "out")
      change.direction = ImpairmentChange::Direction::Out;
    else if (word == "back")
      change.direction = ImpairmentChange::Direction::Back;
    else
      HOPYARD_TRY(read_pair(word, change));
  }
  if (change.keys.empty() && !change.clear)
    return wrong("nothing is said about what to set", "write for instance delay=20ms loss=1%, or none");
  return change;
}

}  // namespace hopyard::app
