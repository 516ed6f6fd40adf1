#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.hh"
#include "cli/command.hh"

// The conventions of getopt_long(3): options anywhere, "--name=value" and "--name value", letters together
// ("-ab"), a value in the same word as its letter ("-lLAB"), "--" ends the options.
namespace hopyard::cli {

class Command::Parser {
 public:
  Parser(Command& command, std::span<const std::string_view> words) : command_(command), words_(words) {}

  Result<> parse() {
    for (; at_ < words_.size(); ++at_) {
      const std::string_view word = words_[at_];
      if (options_ended_ || word.size() < 2 || word[0] != '-') {
        HOPYARD_TRY(positional(word));
      } else if (word == "--") {
        if (command_.trailing_ == Trailing::Command) return command_line();
        options_ended_ = true;
      } else {
        HOPYARD_TRY(option(word));
      }
    }
    return complete();
  }

 private:
  Result<> command_line() {
    for (const std::string_view word : words_.subspan(at_ + 1)) command_.command_->emplace_back(word);
    *command_.separated_ = true;
    return complete();
  }

  Result<> positional(std::string_view word) {
    if (next_ == command_.positionals_.size())
      return mistaken(fmt::format("'{}' is one word too many", word));
    const Positional& place = command_.positionals_[next_];
    ++taken_;
    const bool link =
        command_.trailing_ == Trailing::Link && at_ + 2 < words_.size() && words_[at_ + 1] == "--";
    if (link) {
      place.take(fmt::format("{} -- {}", word, words_[at_ + 2]));
      at_ += 2;
    } else {
      place.take(word);
    }
    if (!place.many) {
      ++next_;
      taken_ = 0;
    }
    return {};
  }

  Result<> option(std::string_view word) {
    if (command_.trailing_ == Trailing::Command && taken_ > 1 &&
        std::ranges::find(words_, "--") == words_.end())
      return mistaken(fmt::format("is {} an option of hopyard or of the command?", word),
                      "write -- before a command that has options of its own");
    return word.starts_with("--") ? long_option(word) : letters(word);
  }

  Result<> long_option(std::string_view word) {
    const std::string_view name = word.substr(0, word.find('='));
    const Option* option = command_.find(name);
    if (option == nullptr) return unknown(name);
    const bool has_value = name.size() != word.size();
    if (!option->placeholder.empty())
      return has_value ? option->take(word.substr(name.size() + 1)) : with_next(*option, word);
    return has_value ? mistaken(fmt::format("{} takes no value", name)) : option->take({});
  }

  Result<> letters(std::string_view word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string spelled{'-', word[i]};
      const Option* option = command_.find(spelled);
      if (option == nullptr) return unknown(spelled);
      if (!option->placeholder.empty())
        return i + 1 < word.size() ? option->take(word.substr(i + 1)) : with_next(*option, spelled);
      HOPYARD_TRY(option->take({}));
    }
    return {};
  }

  Result<> with_next(const Option& option, std::string_view word) {
    if (at_ + 1 == words_.size() || words_[at_ + 1] == "--")
      return mistaken(fmt::format("{} needs a value", word),
                      fmt::format("write {} {}", word, option.placeholder));
    return option.take(words_[++at_]);
  }

  Result<> unknown(std::string_view word) const {
    std::vector<std::string> names;
    for (const Option& option : command_.options_) names.push_back(fmt::format("--{}", option.name));
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    return mistaken(fmt::format("there is no option {}", word),
                    word.starts_with("--") ? did_you_mean(word, candidates) : std::string());
  }

  Result<> complete() const {
    for (std::size_t i = next_; i < command_.positionals_.size(); ++i) {
      const Positional& place = command_.positionals_[i];
      const bool given = i == next_ && taken_ > 0;
      if (place.required && !given) return mistaken(fmt::format("{} is missing", place.name));
    }
    return {};
  }

  Command& command_;
  std::span<const std::string_view> words_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;   // the positional that takes the next word
  std::size_t taken_ = 0;  // words that it has taken
  bool options_ended_ = false;
};

Result<> Command::parse(std::span<const std::string_view> words) {
  return Parser(*this, words).parse();
}

std::unexpected<Error> mistaken(std::string detail, std::string remedy) {
  return refusal("read the command line", std::move(detail), std::move(remedy));
}

}  // namespace hopyard::cli
