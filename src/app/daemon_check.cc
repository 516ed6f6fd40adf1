#include "app/daemon_check.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "app/daemon_refusals.hh"
#include "sys/spawn.hh"

namespace hopyard::app {
namespace {

/// A daemon's own reader of its configuration, which it has from standard input.
struct Parser {
  std::string_view daemon;
  std::vector<std::string_view> command;
  std::vector<Refusal> (*refusals)(std::string_view output);
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
