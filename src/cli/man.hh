#pragma once

#include <string>
#include <string_view>

namespace hopyard::cli {

/// hopyard(1) as roff (man(7)), made from the table of verbs. @param version stands in its footer.
[[nodiscard]] std::string man_page(std::string_view version);

}  // namespace hopyard::cli
