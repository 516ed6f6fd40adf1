#pragma once

#include <span>
#include <string_view>

#include "cli/verb.hh"

namespace hopyard::cli {

/// One verb made ready to run: its arguments, with those that every verb has (--json, --help).
class Invocation {
 public:
  Invocation(const Verb& verb, Output& output);
  [[nodiscard]] const Command& command() const { return command_; }
  /// Parses @p words and runs the verb. @return the status with which the program ends.
  [[nodiscard]] int run(std::span<const std::string_view> words);

 private:
  const Verb& verb_;
  Output& output_;
  Command command_;
  std::unique_ptr<Action> action_;
  bool help_ = false;
};

/// "there is no verb 'pu'", with the one that was meant if it can be told.
[[nodiscard]] Error unknown_verb(std::string_view name);

/// The whole program: @p words are its arguments without its own name.
[[nodiscard]] int run(std::span<const std::string_view> words);

}  // namespace hopyard::cli
