#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "language/language.hh"
#include "language/report.hh"
#include "language/tree.hh"
#include "language/yaml.hh"

namespace hopyard::language {

/// What one reading of a lab has at hand from its first step to its last.
struct Context {
  static constexpr std::size_t most_steps =
      50'000'000;  ///< values looked at, each member of a range counting anew
  static constexpr std::size_t most_content =
      512U << 20;  ///< bytes of files, rulesets and commands over all nodes
  static constexpr std::size_t most_nodes = 100'000;
  static constexpr std::size_t most_links = 1'000'000;

  const Options& options;
  const Loader& load;
  SourceMap& sources;
  Report report;
  Arena arena{};
  Budget budget{};
  std::size_t steps = 0;
  std::size_t content = 0;
  std::unordered_map<std::string, std::string> files{};  ///< what files hold that nodes are given, by path

  /// False, and reported, once the lab has grown beyond what a machine can read.
  [[nodiscard]] bool step(Span at);
  [[nodiscard]] bool charge_content(std::size_t bytes, Span at);
  /// @p path as seen from the file that @p at is in.
  [[nodiscard]] std::string beside(Span at, std::string_view path) const;
  /// What the file at @p path (see beside) holds; nullptr, and reported, if it cannot be read.
  [[nodiscard]] const std::string* file(const std::string& path, Span at);
};

/// @p path relative to the folder of @p from, without "." and ".." where they can be resolved by name.
[[nodiscard]] std::string join(std::string_view from, std::string_view path);

}  // namespace hopyard::language
