#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "language/language.hh"
#include "language/report.hh"
#include "language/tree.hh"

namespace hopyard::language {

/// What `${NAME}` stands for: the value of `--set`, or of the environment, or of the file's `variables:`, or
/// the default after `:-` where NAME has no value or an empty one. `$${` is a plain `${`.
class Variables {
 public:
  static constexpr std::size_t longest_text = 1U << 20;    ///< bytes of one text, variables replaced
  static constexpr std::size_t most_replaced = 64U << 20;  ///< bytes of all of them
  static constexpr std::size_t deepest = 64;               ///< variables made of variables

  Variables(const Options& options, Arena& arena, Report& report);

  /// Takes the entries of a file's `variables:`; a name that is known already keeps its value.
  void declare(const Yaml& map);
  /// @p scalar with its variables replaced: itself if it has none.
  [[nodiscard]] Yaml* replace(Yaml* scalar);
  /// The whole value under @p root with its variables replaced; shares what has none.
  [[nodiscard]] Yaml* replace_all(Yaml* root);
  /// Reports each `--set` of a name that no file uses or declares.
  void check_settings();

 private:
  struct Declared {
    const Yaml* value;
    bool open = false;                  ///< being looked up right now: found again, it is a cycle
    bool broken = false;                ///< something was wrong with it
    std::optional<std::string> text{};  ///< once it has been looked up
  };
  [[nodiscard]] std::string replaced(std::string_view text, Span at);
  void replace_one(std::string_view inside, Span at, std::string& out);
  [[nodiscard]] std::optional<std::string> value(std::string_view name, Span at);
  void undefined(std::string_view name, Span at);

  const Options& options_;
  Arena& arena_;
  Report& report_;
  std::unordered_map<std::string_view, Declared> declared_;
  std::unordered_set<std::string> used_;
  std::unordered_map<const Yaml*, Yaml*>
      done_;  ///< maps and lists that were replaced, for those that aliases share
  std::size_t bytes_ = 0;
  std::size_t depth_ = 0;
  bool broken_ = false;  ///< a value that was looked up had something wrong with it
};

}  // namespace hopyard::language
