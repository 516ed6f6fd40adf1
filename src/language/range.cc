#include "language/range.hh"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace hopyard::language {
namespace {

constexpr std::int64_t largest_number = 999'999'999'999;

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value >= 0 && value <= largest_number ? std::optional(value) : std::nullopt;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

std::unexpected<RangeError> wrong(std::string message, std::string help = {}) {
  return std::unexpected(RangeError{std::move(message), std::move(help)});
}

constexpr std::string_view spelling = "a range is [FIRST..LAST], [FIRST..LAST..STEP] or a list [1..3,7]";

/// "7", "1..20" or "0..100..10".
std::expected<Range::Run, RangeError> parse_run(std::string_view text) {
  const auto parts = split(text, "..");
  std::int64_t numbers[3] = {0, 0, 1};
  if (parts.size() > 3) return wrong(fmt::format("'{}' is not a range", text), std::string(spelling));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_number(parts[i]);
    if (!number)
      return wrong(fmt::format("'{}' is not a number of a range", parts[i]), std::string(spelling));
    numbers[i] = *number;
  }
  if (parts.size() == 1) numbers[1] = numbers[0];
  const auto [first, last, step] = numbers;
  if (step == 0)
    return wrong("the range is empty: its step is 0", "a step is 1 or more, also in a range that goes down");
  const auto distance = static_cast<std::size_t>((last > first ? last - first : first - last) / step);
  return Range::Run{first, last < first ? -step : step, distance + 1};
}

/// The digits that a range fills up to: those of the longer end, if an end is written with leading zeros.
unsigned fill_width(std::string_view text) {
  unsigned longest = 0;
  bool zeros = false;
  for (const std::string_view item : split(text, ",")) {
    const auto parts = split(item, "..");
    for (std::size_t i = 0; i < std::min<std::size_t>(parts.size(), 2); ++i) {
      zeros = zeros || (parts[i].size() > 1 && parts[i].front() == '0');
      longest = std::max(longest, static_cast<unsigned>(parts[i].size()));
    }
  }
  return zeros ? longest : 0;
}

std::expected<Range, RangeError> parse_range(std::string_view text) {
  Range range;
  if (text.empty()) return wrong("the range is empty", std::string(spelling));
  for (const std::string_view item : split(text, ",")) {
    const auto run = parse_run(item);
    if (!run) return std::unexpected(run.error());
    range.count += run->count;
    range.runs.push_back(*run);
    if (range.count > Pattern::most_members)
      return wrong(fmt::format("the range has {} members", range.count),
                   fmt::format("at most {} are allowed", Pattern::most_members));
  }
  range.width = fill_width(text);
  return range;
}

}  // namespace

std::int64_t Range::at(std::size_t index) const {
  for (const Run& run : runs) {
    if (index < run.count) return run.first + static_cast<std::int64_t>(index) * run.step;
    index -= run.count;
  }
  return 0;
}

std::expected<Pattern, RangeError> Pattern::parse(std::string_view text) {
  Pattern pattern;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = text.find_first_of("[]", at);
    pattern.literals_.push_back(text.substr(at, open == std::string_view::npos ? open : open - at));
    if (open == std::string_view::npos) return pattern;
    const std::size_t close = text.find_first_of("[]", open + 1);
    if (text[open] == ']' || close == std::string_view::npos || text[close] == '[')
      return std::unexpected(RangeError{fmt::format("a '{}' without its partner", text[open]),
                                        std::string(spelling), open, open + 1});
    auto range = parse_range(text.substr(open + 1, close - open - 1));
    if (!range) {
      range.error().begin = open;
      range.error().end = close + 1;
      return std::unexpected(range.error());
    }
    pattern.count_ *= range->count;
    if (pattern.count_ > most_members)
      return std::unexpected(RangeError{fmt::format("the ranges have {} members together", pattern.count_),
                                        fmt::format("at most {} are allowed", most_members), 0, text.size()});
    pattern.ranges_.push_back(std::move(*range));
    at = close + 1;
  }
}

std::string Pattern::member(std::size_t index, Indices& indices) const {
  std::vector<std::size_t> places(ranges_.size());
  for (std::size_t n = ranges_.size(); n-- > 0;) {
    places[n] = index % ranges_[n].count;
    index /= ranges_[n].count;
  }
  std::string name(literals_.front());
  for (std::size_t n = 0; n < ranges_.size(); ++n) {
    const std::int64_t number = ranges_[n].at(places[n]);
    indices.add(number);
    fmt::format_to(std::back_inserter(name), "{:0{}}", number, ranges_[n].width);
    name += literals_[n + 1];
  }
  return name;
}

}  // namespace hopyard::language
