#pragma once

#include <string>
#include <string_view>

namespace hopyard::language {

/// A syntax error in the words of a person who writes lab files.
struct SyntaxError {
  std::string message;
  std::string help;
  bool at_context = false;  ///< the place to show is where the unfinished thing began
};

/// @param problem what libyaml says, @param context what it was doing, @param rest the text from the place of
/// the problem on.
[[nodiscard]] SyntaxError explain(std::string_view problem, std::string_view context, std::string_view rest);

}  // namespace hopyard::language
