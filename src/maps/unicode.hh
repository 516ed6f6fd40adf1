#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hopyard::maps {

struct CodePoint {
  char32_t value;
  std::size_t length;  ///< its bytes
};

/// The code point at byte @p at of @p text, which is well-formed UTF-8 there.
[[nodiscard]] CodePoint code_point(std::string_view text, std::size_t at);

/// Appends @p value, a code point that is no surrogate, as UTF-8 (RFC 3629).
void append(std::string& text, char32_t value);

/// @p text, well-formed UTF-8, on one line: control characters, line ends and what YAML cannot hold become
/// blanks, runs of blanks one, and none is left at either end.
[[nodiscard]] std::string on_one_line(std::string_view text);

}  // namespace hopyard::maps
