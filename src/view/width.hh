#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hopyard::view {

/// Columns that UTF-8 @p text takes on a terminal: combining marks none, East Asian wide characters two
/// (Unicode UAX 11), bytes that are not UTF-8 one each.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// @p text cut so that it takes at most @p columns, the last of them an ellipsis if something was cut.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t columns);

/// @p text without what could move a terminal's cursor or change its state: control characters become '?'.
[[nodiscard]] std::string printable(std::string_view text);

/// @p text with U+FFFD for each byte that is not part of UTF-8 (RFC 3629).
[[nodiscard]] std::string valid_utf8(std::string_view text);

}  // namespace hopyard::view
