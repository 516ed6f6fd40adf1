#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"

namespace hopyard::cli {

/// What the shell may complete a word with.
enum class Completes : std::uint8_t {
  Nothing,
  File,
  Lab,
  Node,
  Service,
  Place,
  Target,
  Wire,
  Impairment,
  Verb,
  Shell,
  MapFormat,
  MapRouting,
  Daemon,
  Command,
  Namespace
};

/// "-l, --lab LAB". Without a placeholder it is a flag.
struct Option {
  char letter;                   ///< 0 for none
  std::string_view name;         ///< without the dashes
  std::string_view placeholder;  ///< of its value; empty for a flag
  std::string_view help;
  Completes completes;
  std::function<Result<>(std::string_view)>
      take;  ///< called with the value, "" for a flag; its error is shown to the person
};

struct Positional {
  std::string_view name;
  std::string_view help;
  Completes completes;
  bool required;
  bool many;  ///< takes all the words there are
  std::function<void(std::string_view)> take;
};

/// An error of the command line: what is wrong with it, and what to write instead.
[[nodiscard]] std::unexpected<Error> mistaken(std::string detail, std::string remedy = {});

/// What follows the words that are the verb's own.
enum class Trailing : std::uint8_t {
  None,     ///< `--` ends the options, as everywhere
  Command,  ///< `-- COMMAND...`: a command line that is not ours to look into
  Link,     ///< `a -- b` is one word: the name of a link
  Rest,     ///< as Command, and without `--` all that follows the first word that is no option, as ip has it
};

/// The arguments of one verb. Declared once; parsing, help, man page and completion are made from it.
class Command {
 public:
  void flag(char letter, std::string_view name, bool& value, std::string_view help);
  void option(char letter, std::string_view name, std::string_view placeholder, std::string& value,
              std::string_view help, Completes completes = Completes::Nothing);
  void option(char letter, std::string_view name, std::string_view placeholder,
              std::function<Result<>(std::string_view)> take, std::string_view help,
              Completes completes = Completes::Nothing);
  void positional(std::string_view name, std::string& value, std::string_view help, Completes completes,
                  bool required = false);
  void positionals(std::string_view name, std::vector<std::string>& values, std::string_view help,
                   Completes completes, bool required = false);
  /// The words after `--` are not looked into and go to @p words; @p separated tells whether there was a
  /// `--`.
  void command(std::vector<std::string>& words, bool& separated);
  /// As command(), but of a command line that is `OPTIONS NAME COMMAND...`, or `--all COMMAND...`: the first
  /// positional, unless flag @p all was given, and then nothing but the command.
  void rest(std::vector<std::string>& words, std::string_view all);
  void links_are_words() { trailing_ = Trailing::Link; }

  [[nodiscard]] const std::vector<Option>& options() const { return options_; }
  [[nodiscard]] const std::vector<Positional>& positionals() const { return positionals_; }
  [[nodiscard]] Trailing trailing() const { return trailing_; }
  /// The option that is spelled @p word ("--lab" or "-l"), or nothing.
  [[nodiscard]] const Option* find(std::string_view word) const;

  /// Puts @p words where they belong. Errors are the person's: unknown option, a value that is missing, a
  /// word too many.
  [[nodiscard]] Result<> parse(std::span<const std::string_view> words);

 private:
  class Parser;
  std::vector<Option> options_;
  std::vector<Positional> positionals_;
  std::vector<std::string>* command_ = nullptr;
  bool* separated_ = nullptr;
  std::string_view all_;
  Trailing trailing_ = Trailing::None;
};

}  // namespace hopyard::cli
