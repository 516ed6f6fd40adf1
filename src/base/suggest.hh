#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hopyard {

/// The candidate that was most likely meant by @p word: the nearest by Damerau-Levenshtein distance (optimal
/// string alignment), if it is near enough for the word's length. Ties go to the first.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

/// "did you mean 'X'?", or "" when nothing is near.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace hopyard
