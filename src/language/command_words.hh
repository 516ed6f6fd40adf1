#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hopyard::language {

/// A shell command as a program and its arguments. One of plain and quoted words is split here, so that the
/// program itself is what is supervised; one that needs a shell (variables, pipes, several commands, …)
/// becomes {"/bin/sh", "-c", @p text}. Empty for a text without a word.
/// Follows the quoting of POSIX.1-2017, Shell Command Language, 2.2.
[[nodiscard]] std::vector<std::string> command_words(std::string_view text);

}  // namespace hopyard::language
