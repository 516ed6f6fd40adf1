#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace hopyard::language {

/// The numbers that a member of a range has in its brackets: i, j, k and l, from the left.
struct Indices {
  static constexpr std::size_t most = 4;
  static constexpr std::string_view letters = "ijkl";
  std::array<std::int64_t, most> values{};
  std::size_t count = 0;

  /// Takes one more number; a fifth and further ones have no letter and are dropped.
  void add(std::int64_t value) {
    if (count < most) values[count++] = value;
  }
  void add(const Indices& more) {
    for (std::size_t n = 0; n < more.count; ++n) add(more.values[n]);
  }
};

/// The value of whole-number arithmetic: + - * / % and parentheses over numbers and the letters of @p
/// indices, with the precedence of C, division rounding toward zero. The error says what is wrong, as a
/// diagnostic's message.
[[nodiscard]] std::expected<std::int64_t, std::string> evaluate(std::string_view text,
                                                                const Indices& indices);

/// What braces mean in a text.
enum class Braces : std::uint8_t {
  Later,       ///< nothing yet: they are kept for when the numbers are known
  Structured,  ///< a name or an address, where braces can only hold an expression
  Free,  ///< text for others (commands, rulesets, files), where only braces that use a letter with a value
         ///< are ours
};

/// @p text with each {EXPRESSION} replaced by its value. `${` is left alone, and so is {{EXPRESSION}} but for
/// its outer braces.
[[nodiscard]] std::expected<std::string, std::string> replace_braces(std::string_view text,
                                                                     const Indices& indices, Braces braces);

}  // namespace hopyard::language
