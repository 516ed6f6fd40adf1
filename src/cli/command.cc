#include "cli/command.hh"

#include <algorithm>

namespace hopyard::cli {

void Command::flag(char letter, std::string_view name, bool& value, std::string_view help) {
  const auto take = [&value](std::string_view) -> Result<> {
    value = true;
    return {};
  };
  options_.push_back({letter, name, {}, help, Completes::Nothing, take});
}

void Command::option(char letter, std::string_view name, std::string_view placeholder, std::string& value,
                     std::string_view help, Completes completes) {
  const auto take = [&value](std::string_view word) -> Result<> {
    value = word;
    return {};
  };
  options_.push_back({letter, name, placeholder, help, completes, take});
}

void Command::option(char letter, std::string_view name, std::string_view placeholder,
                     std::function<Result<>(std::string_view)> take, std::string_view help,
                     Completes completes) {
  options_.push_back({letter, name, placeholder, help, completes, std::move(take)});
}

void Command::positional(std::string_view name, std::string& value, std::string_view help,
                         Completes completes, bool required) {
  positionals_.push_back(
      {name, help, completes, required, false, [&value](std::string_view word) { value = word; }});
}

void Command::positionals(std::string_view name, std::vector<std::string>& values, std::string_view help,
                          Completes completes, bool required) {
  positionals_.push_back({name, help, completes, required, true,
                          [&values](std::string_view word) { values.emplace_back(word); }});
}

void Command::command(std::vector<std::string>& words, bool& separated) {
  trailing_ = Trailing::Command;
  command_ = &words;
  separated_ = &separated;
}

void Command::rest(std::vector<std::string>& words, std::string_view all) {
  trailing_ = Trailing::Rest;
  command_ = &words;
  all_ = all;
}

const Option* Command::find(std::string_view word) const {
  const auto spelled = [word](const Option& option) {
    if (word.starts_with("--")) return word.substr(2) == option.name;
    return option.letter != 0 && word.size() == 2 && word[0] == '-' && word[1] == option.letter;
  };
  const auto found = std::find_if(options_.begin(), options_.end(), spelled);
  return found == options_.end() ? nullptr : &*found;
}

}  // namespace hopyard::cli
