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

enum class Group : std::uint8_t { Lab, Inside, Change, Host, Help, Hidden };

struct Example {
  std::string_view command;
  std::string_view says;
};

/// One row of the table of verbs.
struct Verb {
  std::string_view name;  ///< "up"; of one of several about the same thing two words, "netns add"
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

/// The verb that a command line begins with.
struct Spoken {
  const Verb* verb = nullptr;  ///< nullptr when there is none
  std::size_t words = 1;       ///< that it takes, or that were looked at
};
/// Of verbs of two words the second may be shortened, as ip has it: the first in the table that begins so.
[[nodiscard]] Spoken spoken_verb(std::span<const std::string_view> words);
/// Whether it is of two words, of which the first is a verb of its own.
[[nodiscard]] bool is_part(const Verb& verb);
/// Whether there are verbs that begin with its name as their first word.
[[nodiscard]] bool has_parts(const Verb& verb);

}  // namespace hopyard::cli
