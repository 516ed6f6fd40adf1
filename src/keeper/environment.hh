#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/desired.hh"

namespace hopyard::keeper {

using Variables = std::vector<std::pair<std::string, std::string>>;

/// What every process of a node finds in its environment: lab and node (HOPYARD_LAB, HOPYARD_NODE), and what
/// the lab file gives.
[[nodiscard]] Variables node_environment(const std::string& lab, const net::Namespace& node);

/// A whole environment as environ(7) has it, "NAME=value": a home, a path and a shell, then what of @p from
/// is about the terminal and the language (TERM, LANG, LC_… and the like), then @p own. The later wins.
/// @param from an environ array, or nullptr.
[[nodiscard]] std::vector<std::string> process_environment(const char* const* from, const Variables& own);

/// The value of PATH in such an environment, a part of it; empty when it has none.
[[nodiscard]] std::string_view path_of(std::span<const std::string> environment);

/// Pointers to the texts, with the nullptr at the end that execve(2) wants; good as long as @p texts is.
[[nodiscard]] std::vector<char*> pointers(std::span<const std::string> texts);

}  // namespace hopyard::keeper
