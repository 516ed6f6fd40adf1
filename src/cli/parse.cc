#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <deque>

#include "base/suggest.hh"
#include "cli/command.hh"

// CLI11 takes the words apart; here it is told what there is, and its refusals are put into the words that
// the rest of the program uses.
namespace hopyard::cli {

class Command::Parser {
 public:
  Parser(Command& command, std::span<const std::string_view> words)
      : command_(command), words_(words.begin(), words.end()) {}

  Result<> parse() {
    if (command_.trailing_ == Trailing::Command) HOPYARD_TRY(set_command_apart());
    if (command_.trailing_ == Trailing::Rest) set_rest_apart();
    if (command_.trailing_ == Trailing::Link) join_links();
    for (std::string& word : words_)
      if (is_all(word)) word = "--all";
    declare();
    try {
      app_.parse(std::vector<std::string>(words_.rbegin(), words_.rend()));
    } catch (const CLI::ExtrasError&) {
      return distribute(), extra();
    } catch (const CLI::ParseError& refused) {
      return distribute(), mismatch(refused);
    }
    HOPYARD_TRY(distribute());
    return required();
  }

 private:
  void declare() {
    app_.set_help_flag();
    for (const Option& option : command_.options_) {
      const std::string name = option.letter == 0 ? fmt::format("--{}", option.name)
                                                  : fmt::format("-{},--{}", option.letter, option.name);
      std::vector<std::string>& values = values_.emplace_back();
      if (option.placeholder.empty())
        flags_.push_back(app_.add_flag(name)->disable_flag_override());
      else
        flags_.push_back(app_.add_option(name, values)->allow_extra_args(false));
    }
    for (std::size_t i = 0; i < command_.positionals_.size(); ++i) {
      std::vector<std::string>& values = values_.emplace_back();
      const std::string name = fmt::format("p{}", i);
      const auto keep = [&values](const std::string& word) { values.push_back(word); };
      if (command_.positionals_[i].many)
        app_.add_option(name, values);
      else
        app_.add_option_function<std::string>(name, keep);
    }
  }

  /// Gives every value to whoever asked for it; the first that is refused ends it.
  Result<> distribute() {
    auto values = values_.begin();
    for (std::size_t i = 0; i < flags_.size(); ++i, ++values) {
      const Option& option = command_.options_[i];
      if (option.placeholder.empty() && flags_[i]->count() != 0) HOPYARD_TRY(option.take({}));
      for (const std::string& value : *values) HOPYARD_TRY(option.take(value));
    }
    for (const Positional& place : command_.positionals_)
      for (const std::string& value : *values++) place.take(value);
    return {};
  }

  Result<> set_command_apart() {
    const auto dashes = std::ranges::find(words_, "--");
    *command_.separated_ = dashes != words_.end();
    if (!*command_.separated_) return no_option_of_the_command();
    command_.command_->assign(dashes + 1, words_.end());
    words_.erase(dashes, words_.end());
    return {};
  }

  /// As ip spells it. With an option -l it would be three options.
  [[nodiscard]] bool is_all(std::string_view word) const {
    return word == "-all" && command_.find("--all") != nullptr && command_.find("-l") == nullptr;
  }

  void set_rest_apart() {
    std::size_t places = 1;
    auto word = words_.begin();
    for (; word != words_.end() && *word != "--"; ++word) {
      const bool is_option = word->size() > 1 && word->starts_with('-');
      if (!is_option && places-- == 0) break;
      const Option* option = is_option ? command_.find(is_all(*word) ? "--all" : *word) : nullptr;
      if (option == nullptr) continue;
      if (option->name == command_.all_) places = 0;
      if (!option->placeholder.empty() && word + 1 != words_.end()) ++word;
    }
    command_.command_->assign(word != words_.end() && *word == "--" ? word + 1 : word, words_.end());
    words_.erase(word, words_.end());
  }

  /// Without the dashes, an option after the node and the command could be either's.
  Result<> no_option_of_the_command() const {
    std::size_t positionals = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string& word = words_[i];
      const bool is_option = word.size() > 1 && word[0] == '-';
      if (is_option && positionals > 1)
        return mistaken(fmt::format("is {} an option of hopyard or of the command?", word),
                        "write -- before a command that has options of its own");
      const Option* option = is_option ? command_.find(word) : nullptr;
      if (option != nullptr && !option->placeholder.empty()) ++i;
      if (!is_option) ++positionals;
    }
    return {};
  }

  void join_links() {
    for (std::size_t i = 1; i + 1 < words_.size(); ++i) {
      if (words_[i] != "--" || words_[i - 1].starts_with('-')) continue;
      words_[i - 1] += " -- " + words_[i + 1];
      words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i),
                   words_.begin() + static_cast<std::ptrdiff_t>(i + 2));
    }
  }

  std::unexpected<Error> extra() const {
    const std::vector<std::string> extras = app_.remaining();
    const auto option = std::ranges::find_if(
        extras, [](const std::string& word) { return word.size() > 1 && word[0] == '-'; });
    if (option == extras.end()) return mistaken(fmt::format("'{}' is one word too many", extras.front()));
    const std::string name = option->substr(0, option->find('='));
    std::vector<std::string> names;
    names.reserve(command_.options_.size());
    for (const Option& one : command_.options_) names.push_back(fmt::format("--{}", one.name));
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    return mistaken(fmt::format("there is no option {}", name),
                    name.starts_with("--") ? did_you_mean(name, candidates) : std::string());
  }

  std::unexpected<Error> mismatch(const CLI::ParseError& refused) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string name = words_[i].substr(0, words_[i].find('='));
      const Option* option = words_[i].starts_with('-') ? command_.find(name) : nullptr;
      if (option == nullptr) continue;
      if (option->placeholder.empty() && name != words_[i])
        return mistaken(fmt::format("{} takes no value", name));
      const bool alone = i + 1 == words_.size() || words_[i + 1].starts_with('-');
      if (!option->placeholder.empty() && name == words_[i] && alone)
        return mistaken(fmt::format("{} needs a value", name),
                        fmt::format("write {} {}", name, option->placeholder));
    }
    return mistaken(refused.what());
  }

  Result<> required() const {
    auto values = values_.begin() + static_cast<std::ptrdiff_t>(command_.options_.size());
    for (const Positional& place : command_.positionals_)
      if ((values++)->empty() && place.required) return mistaken(fmt::format("{} is missing", place.name));
    return {};
  }

  Command& command_;
  std::vector<std::string> words_;
  std::deque<std::vector<std::string>>
      values_;                       // of the options, then of the positionals; CLI11 keeps references
  std::vector<CLI::Option*> flags_;  // every option, flag or not
  CLI::App app_;
};

Result<> Command::parse(std::span<const std::string_view> words) {
  return Parser(*this, words).parse();
}

std::unexpected<Error> mistaken(std::string detail, std::string remedy) {
  return refusal("read the command line", std::move(detail), std::move(remedy));
}

}  // namespace hopyard::cli
