#pragma once

#include <string>
#include <string_view>

namespace hopyard::sys {

/// PATH of the process's own environment; where there is none, what execvp(3) searches then.
[[nodiscard]] std::string_view own_search_path();

/// The path of @p program as execvp(3) would find it; empty when there is none. One that has a slash is its
/// own path.
/// @param folders as in PATH: with colons between; an empty one is the current folder, also the last one.
/// An empty text has none.
[[nodiscard]] std::string find_program(std::string_view program, std::string_view folders);

}  // namespace hopyard::sys
