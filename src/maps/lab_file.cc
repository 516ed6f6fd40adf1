#include "maps/lab_file.hh"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/quantity.hh"
#include "maps/distance.hh"
#include "maps/names.hh"
#include "maps/unicode.hh"

namespace hopyard::maps {
namespace {

constexpr double kilometres_a_second = 200'000;
constexpr double dearest = 65535;  // of a link's cost

bool is_word_of_yaml(std::string_view text) {
  constexpr std::array<std::string_view, 9> words{"y",   "n",    "yes",   "no",  "on",
                                                  "off", "true", "false", "null"};
  std::string lower(text);
  for (char& byte : lower)
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
  return std::ranges::find(words, lower) != words.end();
}

/// True for what YAML takes for text without quotes, in braces too.
bool is_plain(std::string_view text) {
  const auto letter = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (static_cast<unsigned char>(byte) & 0x80U) != 0;
  };
  const auto other = [](char byte) {
    return (byte >= '0' && byte <= '9') || std::string_view(" ._/()-").contains(byte);
  };
  return !text.empty() && letter(text.front()) && !is_word_of_yaml(text) &&
         std::ranges::all_of(text, [&](char byte) { return letter(byte) || other(byte); });
}

/// @p text as a YAML scalar; ${ is a variable's in a lab file, and written $${ where it is none.
std::string scalar(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string quoted = "'";
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'' || text.substr(at).starts_with("${")) quoted += text[at];
    quoted += text[at];
  }
  return quoted + '\'';
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

/// "{a: 1, b: x}" out of what was put in.
class Flow {
 public:
  void put(std::string_view key, std::string_view value) {
    text_ += fmt::format("{}{}: {}", text_.empty() ? "" : ", ", key, value);
  }
  void put_text(std::string_view key, std::string_view value) {
    if (!value.empty()) put(key, scalar(value));
  }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string text() const { return '{' + text_ + '}'; }

 private:
  std::string text_;
};

class Writer {
 public:
  Writer(const Map& map, const LabFileOptions& options)
      : map_(map), options_(options), names_(node_names(map)), lengths_(lengths(map)) {}

  std::string text() {
    head();
    text_ += fmt::format("\nlab: {}\n",
                         scalar(options_.name.empty() ? lab_name(map_, options_.path) : options_.name));
    kind();
    text_ += "\nnodes:\n";
    for (std::size_t i = 0; i < map_.nodes.size(); ++i) node(i);
    if (!map_.edges.empty()) text_ += "\nlinks:\n";
    for (std::size_t i = 0; i < map_.edges.size(); ++i) link(i);
    return std::move(text_);
  }

 private:
  void comment(std::string_view name, std::string_view value) {
    if (!value.empty()) text_ += fmt::format("# {}: {}\n", name, value);
  }

  void head() {
    text_ += fmt::format("# A network of {} and {}, from the {} file {} by hopyard import.\n",
                         counted(map_.nodes.size(), "node"), counted(map_.edges.size(), "link"),
                         options_.format, on_one_line(options_.path));
    comment("network", map_.network);
    comment("extent", map_.extent);
    comment("date", map_.date);
    comment("source", map_.source);
    if (lengths_.empty()) return;
    if (options_.kilometres_of_cost > 0)
      comment("cost", fmt::format("1 for each {:g} km of a link", options_.kilometres_of_cost));
    if (options_.delay) comment("delay", "the length of a link at 200,000 km/s");
    const auto placed = [this](const Edge& edge) {
      return map_.nodes[edge.ends[0]].place && map_.nodes[edge.ends[1]].place;
    };
    if (!std::ranges::all_of(map_.edges, placed) && (options_.kilometres_of_cost > 0 || options_.delay))
      text_ += "# A link whose end has no place is taken to be as long as the median of the others.\n";
  }

  void kind() {
    Flow keys;
    if (!options_.routing.empty()) keys.put("routing", options_.routing);
    if (!options_.daemon.empty()) keys.put("daemon", options_.daemon);
    if (!keys.empty()) text_ += fmt::format("\nkinds:\n  router: {}\n", keys.text());
  }

  void node(std::size_t index) {
    const Node& node = map_.nodes[index];
    Flow labels;
    labels.put_text("name", node.label);
    labels.put_text("country", node.country);
    labels.put_text("type", node.type);
    if (node.place) {
      labels.put("latitude", fmt::format("{}", node.place->latitude));
      labels.put("longitude", fmt::format("{}", node.place->longitude));
    }
    Flow keys;
    keys.put("kind", "router");
    if (!labels.empty()) keys.put("labels", labels.text());
    text_ += fmt::format("  {}: {}\n", scalar(names_[index]), keys.text());
  }

  void link(std::size_t index) {
    const Edge& edge = map_.edges[index];
    Flow keys;
    if (!lengths_.empty()) length(keys, lengths_[index]);
    if (options_.rate && edge.speed) keys.put("rate", rate_text(static_cast<std::uint64_t>(*edge.speed)));
    if (!edge.label.empty()) {
      Flow labels;
      labels.put_text("name", edge.label);
      keys.put("labels", labels.text());
    }
    const std::string ends = fmt::format("{} -- {}", names_[edge.ends[0]], names_[edge.ends[1]]);
    text_ += fmt::format("  - {}{}\n", ends, keys.empty() ? "" : ": " + keys.text());
  }

  void length(Flow& keys, double kilometres) const {
    if (options_.kilometres_of_cost > 0) {
      const double cost = std::clamp(std::round(kilometres / options_.kilometres_of_cost), 1.0, dearest);
      keys.put("cost", fmt::format("{:.0f}", cost));
    }
    const auto delay = std::chrono::microseconds(std::llround(kilometres / kilometres_a_second * 1e6));
    if (options_.delay && delay.count() > 0) keys.put("delay", duration_text(delay));
  }

  const Map& map_;
  const LabFileOptions& options_;
  std::vector<std::string> names_;
  std::vector<double> lengths_;
  std::string text_;
};

}  // namespace

std::string lab_file(const Map& map, const LabFileOptions& options) {
  return Writer(map, options).text();
}

}  // namespace hopyard::maps
