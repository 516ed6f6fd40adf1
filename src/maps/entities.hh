#pragma once

#include <string>
#include <string_view>

namespace hopyard::maps {

/// @p text with its character references replaced: `&#228;`, `&#xE4;`, and by name those of HTML 4 for
/// ISO 8859-1 with quot, amp, lt, gt and apos (HTML 4.01, section 24), which is how GML writes what is not
/// ASCII. What is no such reference, as in "AT&T", stays as it is.
[[nodiscard]] std::string with_entities_replaced(std::string_view text);

}  // namespace hopyard::maps
