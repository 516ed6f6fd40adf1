#include "language/command_words.hh"

#include <algorithm>
#include <array>
#include <optional>

namespace hopyard::language {
namespace {

constexpr std::string_view blanks = " \t\n";

/// Words that a shell takes for itself where a program's name could stand (2.4 and 2.14; the others are
/// programs too).
bool is_shell_word(std::string_view word) {
  static constexpr std::array<std::string_view, 29> words{
      "!",    "{",    "}",    "case",   "do",       "done",  "elif", "else",   "esac",  "fi",
      "for",  "if",   "in",   "then",   "until",    "while", ".",    ":",      "break", "cd",
      "eval", "exec", "exit", "export", "readonly", "set",   "trap", "ulimit", "umask"};
  return std::ranges::find(words, word) != words.end();
}

/// Splits words whose meaning needs no shell; nothing for others.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::optional<std::vector<std::string>> split() {
    for (skip_blanks(); !text_.empty(); skip_blanks())
      if (!word()) return std::nullopt;
    return std::move(words_);
  }

 private:
  void skip_blanks() { text_.remove_prefix(std::min(text_.find_first_not_of(blanks), text_.size())); }

  bool word() {
    std::string one;
    bool quoted = false;
    if (text_.front() == '#' || text_.front() == '~') return false;
    while (!text_.empty() && blanks.find(text_.front()) == std::string_view::npos) {
      const char letter = text_.front();
      if (letter == '\'' || letter == '"') {
        quoted = true;
        if (!quotation(letter, one)) return false;
        continue;
      }
      if (letter == '\n' || std::string_view("|&;<>()$`\\*?[").find(letter) != std::string_view::npos)
        return false;
      one += letter;
      text_.remove_prefix(1);
    }
    if (words_.empty() && !quoted && (is_shell_word(one) || one.find('=') != std::string::npos)) return false;
    words_.push_back(std::move(one));
    return true;
  }

  bool quotation(char mark, std::string& into) {
    const std::size_t end = text_.find(mark, 1);
    if (end == std::string_view::npos) return false;
    const std::string_view inside = text_.substr(1, end - 1);
    if (mark == '"' && inside.find_first_of("$`\\") != std::string_view::npos) return false;
    into += inside;
    text_.remove_prefix(end + 1);
    return true;
  }

  std::string_view text_;
  std::vector<std::string> words_;
};

}  // namespace

std::vector<std::string> command_words(std::string_view text) {
  // A block of YAML ends with a line break; one between words would end a shell's command.
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(begin);
  text = text.substr(0, text.find_last_not_of(blanks) + 1);
  if (text.find('\n') == std::string_view::npos)
    if (auto words = Splitter(text).split()) return std::move(*words);
  return {"/bin/sh", "-c", std::string(text)};
}

}  // namespace hopyard::language
