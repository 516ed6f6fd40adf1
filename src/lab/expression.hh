#pragma once

#include <regex>

namespace hopyard::lab {

/// How the regular expressions of a lab file are to be read: ECMAScript's, where ^ and $ are a line's begin
/// and end, matched in time that grows with the square of the text at worst, and not beyond all
/// bounds (and thus without references back).
inline constexpr std::regex::flag_type expression_flags =
    std::regex::ECMAScript | std::regex::multiline | std::regex_constants::__polynomial;
inline constexpr std::size_t longest_expression = 1000;

}  // namespace hopyard::lab
