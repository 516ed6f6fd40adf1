#include "app/daemon_refusals.hh"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace hopyard::app {
namespace {

/// The number at the beginning of @p text, which is cut off; 0 if there is none.
std::size_t take_number(std::string_view& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::vector<Refusal> refusals_of_bird(std::string_view output) {
  constexpr std::string_view place = "/dev/stdin:";
  std::vector<Refusal> all;
  for (std::string_view line : lines_of(output)) {
    const std::size_t begin = line.find(place);
    if (begin == std::string_view::npos) continue;
    line.remove_prefix(begin + place.size());
    const std::size_t number = take_number(line);
    const std::size_t blank = line.find(' ');
    if (number != 0 && blank != std::string_view::npos)
      all.push_back({number, std::string(line.substr(blank + 1))});
  }
  return all;
}

std::vector<Refusal> refusals_of_frr(std::string_view output) {
  constexpr std::string_view place = "line ";
  std::vector<Refusal> all;
  for (std::string_view line : lines_of(output)) {
    if (!line.starts_with(place)) continue;
    line.remove_prefix(place.size());
    const std::size_t number = take_number(line);
    constexpr std::string_view mark = ": % ";
    if (number == 0 || !line.starts_with(mark)) continue;
    line.remove_prefix(mark.size());
    // The number in brackets is the parser's state, the rest the line again.
    std::string words(line.substr(0, line.find_first_of("[:")));
    if (!words.empty() && words.front() >= 'A' && words.front() <= 'Z')
      words.front() = static_cast<char>(words.front() - 'A' + 'a');
    all.push_back({number, std::move(words)});
  }
  return all;
}

std::vector<Refusal> refusals_of_radvd(std::string_view output) {
  constexpr std::string_view place = "/dev/stdin:";
  constexpr std::string_view mark = " error: ";
  std::vector<Refusal> all;
  for (std::string_view line : lines_of(output)) {
    if (!line.starts_with(place)) continue;
    line.remove_prefix(place.size());
    const std::size_t number = take_number(line);
    if (number != 0 && line.starts_with(mark)) all.push_back({number, std::string(line.substr(mark.size()))});
  }
  return all;
}

std::string_view last_words(std::string_view output) {
  std::string_view last;
  for (const std::string_view line : lines_of(output))
    if (!line.empty() && line.find("exiting") == std::string_view::npos) last = line;
  return last;
}

}  // namespace hopyard::app
