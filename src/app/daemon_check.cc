#include "app/daemon_check.hh"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sys/spawn.hh"

namespace hopyard::app {
namespace {

struct Refusal {
  std::size_t line = 0;  ///< from 1
  std::string words;
};

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

/// "bird: /dev/stdin:4:10 syntax error, unexpected …"
std::vector<Refusal> refusals_of_bird(const std::string& output) {
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

/// "line 4: % Unknown command[25]:  neighbour 1.2.3.4 remote-as 3"
std::vector<Refusal> refusals_of_frr(const std::string& output) {
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

/// "/dev/stdin:4 error: syntax error"
std::vector<Refusal> refusals_of_radvd(const std::string& output) {
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

/// The last line that says something but that the program ends.
std::string_view last_words(std::string_view output) {
  std::string_view last;
  for (const std::string_view line : lines_of(output))
    if (!line.empty() && line.find("exiting") == std::string_view::npos) last = line;
  return last;
}

/// A daemon's own reader of its configuration, which it has from standard input.
struct Parser {
  std::string_view daemon;
  std::vector<std::string_view> command;
  std::vector<Refusal> (*refusals)(const std::string& output);
};

Parser bird() {
  return {"BIRD", {"bird", "-p", "-c", "/dev/stdin"}, refusals_of_bird};
}
Parser frr() {
  return {"FRR", {"vtysh", "--dryrun", "--inputfile", "/dev/stdin"}, refusals_of_frr};
}
Parser radvd() {
  return {"radvd",
          {"radvd", "--configtest", "--logmethod", "stderr_clean", "--config", "/dev/stdin"},
          refusals_of_radvd};
}

class Checking {
 public:
  explicit Checking(language::Reading& reading) : reading_(reading) {}

  void node(const lab::Node& node) {
    if (const auto& config = node.dynamic.config(); node.dynamic.runs() && config)
      check(node, *config, node.dynamic.daemon == lab::Daemon::Bird ? bird() : frr());
    if (const auto& config = node.radvd.config; node.radvd.runs && config) check(node, *config, radvd());
  }

 private:
  void check(const lab::Node& node, const lab::DaemonConfig& config, const Parser& parser) {
    // What another file holds is only known in the node.
    if (config.text.find("include") != std::string::npos || !seen_.insert(config.text).second) return;
    const auto ran = sys::run({parser.command.begin(), parser.command.end()}, config.text);
    if (!ran || ran->status == 0) return;
    const std::vector<Refusal> refusals = parser.refusals(ran->output);
    if (refusals.empty())
      reading_.diagnostics.error(config.at, fmt::format("{} cannot read the configuration of '{}': {}",
                                                        parser.daemon, node.name, last_words(ran->output)));
    for (const Refusal& one : refusals)
      reading_.diagnostics.error(place(config, one.line),
                                 fmt::format("{} cannot read line {} of the configuration of '{}': {}",
                                             parser.daemon, one.line, node.name, one.words));
  }

  /// The line of the text that was read, or of the block in the lab file; else all of it.
  [[nodiscard]] Span place(const lab::DaemonConfig& config, std::size_t line) {
    if (!config.file.empty()) {
      const auto [known, fresh] = files_.try_emplace(config.file, 0U);
      if (fresh) known->second = reading_.sources.add(config.file, config.text);
      return line_at(known->second, 0, line - 1);
    }
    if (!config.at.known()) return config.at;
    const std::string_view text = reading_.sources.text(config.at.file);
    if (config.at.begin >= text.size() || text[config.at.begin] != '|') return config.at;
    return line_at(config.at.file, config.at.begin, line);
  }

  /// The line that is @p further on than the one of @p from, without its indentation.
  [[nodiscard]] Span line_at(std::uint32_t file, std::size_t from, std::size_t further) const {
    const std::string_view text = reading_.sources.text(file);
    for (; further != 0 && from < text.size(); --further)
      from = std::min(text.find('\n', from), text.size() - 1) + 1;
    const std::size_t end = std::min(text.find('\n', from), text.size());
    from = std::min(text.find_first_not_of(" \t", from), end);
    return {file, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(end)};
  }

  language::Reading& reading_;
  std::unordered_set<std::string_view> seen_;
  std::map<std::string, std::uint32_t> files_;  ///< their numbers among the sources
};

}  // namespace

void check_daemon_configurations(language::Reading& reading) {
  Checking checking(reading);
  for (const lab::Node& node : reading.lab.nodes) checking.node(node);
}

}  // namespace hopyard::app
