#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "cli/command.hh"
#include "cli/output.hh"

namespace hopyard::cli {

/// The status with which the program ends.
namespace status {
inline constexpr int success = 0;
inline constexpr int failed = 1;    ///< it was right to ask, but it could not be done
inline constexpr int mistaken = 2;  ///< a mistake in the lab file or on the command line; nothing was done
inline constexpr int interrupted = 130;  ///< 128 + SIGINT, as shells have it
}  // namespace status

/// A verb with its arguments. The constructor declares them, run() comes after they have been parsed.
class Action {
 public:
  Action() = default;
  Action(const Action&) = delete;
  Action& operator=(const Action&) = delete;
  virtual ~Action() = default;
  /// @return the status with which the program ends.
  [[nodiscard]] virtual int run(Output& output) = 0;
};

enum class Group : std::uint8_t { Lab, Inside, Change, Help, Hidden };

struct Example {
  std::string_view command;
  std::string_view says;
};

/// One row of the table of verbs.
struct Verb {
  std::string_view name;
  Group group;
  std::string_view summary;  ///< fits a line of `hopyard --help`
  std::string_view about;    ///< a paragraph for `hopyard VERB --help` and the man page
  std::span<const Example> examples;
  std::unique_ptr<Action> (*make)(Command&);
};

template <class T>
std::unique_ptr<Action> make(Command& command) {
  return std::make_unique<T>(command);
}

/// Every verb, in the order of the help.
[[nodiscard]] std::span<const Verb* const> verbs();
/// @return nullptr when there is none of that name.
[[nodiscard]] const Verb* find_verb(std::string_view name);

}  // namespace hopyard::cli
