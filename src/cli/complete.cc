#include "cli/complete.hh"

#include <fmt/format.h>

#include <algorithm>

#include "app/impair.hh"
#include "app/import.hh"
#include "cli/run.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

void offer(Candidates& to, const std::vector<std::string>& words) {
  for (const std::string& word : words) to.list.push_back({word, {}});
}

class Completion {
 public:
  Completion(std::span<const std::string> words, const Names& names)
      : words_(words), current_(words.back()), names_(names) {}

  Candidates all() {
    if (words_.size() == 1) return verb_names(true), kept();
    const std::vector<std::string_view> before(words_.begin(), words_.end() - 1);
    const Spoken spoken = spoken_verb(before);
    if (spoken.verb == nullptr) return {};
    verb_words_ = spoken.words;
    if (words_.size() == 2) part_names(*spoken.verb);
    Output output;
    const Invocation invocation(*spoken.verb, output);  // as for a run, to learn its arguments
    command_ = &invocation.command();
    current_word();
    return kept();
  }

 private:
  /// Walks the words before the cursor to learn what the one at the cursor is.
  void current_word() {
    std::size_t place = 0;
    for (std::size_t i = verb_words_; i + 1 < words_.size(); ++i) {
      const std::string& word = words_[i];
      if (word == "--" && takes_command()) return after_dashes(i);
      if (word == "--" && command_->trailing() == Trailing::Link && place > 0) {
        if (i + 2 == words_.size()) return of_kind(Completes::Node);
        ++i;  // the other end of a link
      } else if (const Option* option = command_->find(word.substr(0, word.find('=')));
                 option != nullptr && word != "--") {
        const bool separate = !option->placeholder.empty() && word.find('=') == std::string::npos;
        if (separate && i + 2 == words_.size()) return of_kind(option->completes);
        if (separate)
          remember(*option, words_[++i]);
        else if (word.find('=') != std::string::npos)
          remember(*option, word.substr(word.find('=') + 1));
      } else {
        if (place++ == 0) first_ = word;
      }
    }
    at_cursor(place);
  }

  /// @param place how many words that are no options stand before.
  void at_cursor(std::size_t place) {
    if (command_->trailing() == Trailing::Rest && place > 0) return after_rest(place);
    if (current_.starts_with('-')) return option_names();
    const auto& places = command_->positionals();
    if (!places.empty() && (place < places.size() || places.back().many))
      of_kind(places[std::min(place, places.size() - 1)].completes);
  }

  [[nodiscard]] bool takes_command() const {
    return command_->trailing() == Trailing::Command || command_->trailing() == Trailing::Rest;
  }

  void after_rest(std::size_t place) { found_.also = place == 1 ? Also::Commands : Also::Files; }

  void after_dashes(std::size_t dashes) {
    found_.also = dashes + 2 == words_.size() ? Also::Commands : Also::Files;
  }

  void remember(const Option& option, std::string value) {
    if (option.name == "lab") lab_ = std::move(value);
  }

  void option_names() {
    const std::size_t equals = current_.find('=');
    if (equals == std::string::npos) {
      for (const Option& option : command_->options())
        found_.list.push_back({fmt::format("--{}{}", option.name, option.placeholder.empty() ? "" : "="),
                               std::string(option.help)});
      return;
    }
    const Option* option = command_->find(current_.substr(0, equals));
    if (option == nullptr) return;
    of_kind(option->completes);
    for (Candidate& one : found_.list) one.word.insert(0, current_.substr(0, equals + 1));
  }

  void verb_names(bool with_options) {
    for (const Verb* verb : verbs())
      if (verb->group != Group::Hidden && !is_part(*verb))
        found_.list.push_back({std::string(verb->name), std::string(verb->summary)});
    if (with_options && current_.starts_with('-')) offer(found_, {"--help", "--version"});
  }

  /// The second words of verbs that begin with @p first.
  void part_names(const Verb& first) {
    for (const Verb* verb : verbs())
      if (is_part(*verb) && verb->name.starts_with(std::string(first.name) + ' '))
        found_.list.push_back(
            {std::string(verb->name.substr(first.name.size() + 1)), std::string(verb->summary)});
  }

  void of_kind(Completes kind) {
    switch (kind) {
      case Completes::Nothing:
        return;
      case Completes::File:
        found_.also = Also::Files;
        return;
      case Completes::Command:
        found_.also = Also::Commands;
        return;
      case Completes::Lab:
        return offer(found_, names_.labs());
      case Completes::Node:
        return nodes();
      case Completes::Service:
        return services();
      case Completes::Place:
        return offer(found_, names_.labs()), nodes();
      case Completes::Target:
        return offer(found_, names_.links(lab_)), nodes();
      case Completes::Wire:
        return offer(found_, names_.links(lab_));
      case Completes::Impairment:
        return impairments();
      case Completes::Verb:
        return verb_names(false);
      case Completes::Namespace:
        return names_.namespaces ? offer(found_, names_.namespaces()) : void();
      case Completes::Shell:
        return offer(found_, {"bash", "zsh", "fish"});
      case Completes::MapFormat:
        return offer(found_, {"gml", "graphml"});
      case Completes::MapRouting:
        return offer(found_, app::map_routings());
      case Completes::Daemon:
        return offer(found_, app::daemon_names());
    }
  }

  /// Nodes of the lab that is meant; "LAB/NODE" once there is a slash; and the labs, where it has to be said
  /// which.
  void nodes() {
    if (const std::size_t slash = current_.find('/'); slash != std::string::npos) {
      const std::string lab = current_.substr(0, slash);
      for (const std::string& node : names_.nodes(lab))
        found_.list.push_back({fmt::format("{}/{}", lab, node), {}});
      return;
    }
    const auto of_lab = names_.nodes(lab_);
    offer(found_, of_lab);
    if (!of_lab.empty() || !lab_.empty()) return;
    for (const std::string& lab : names_.labs()) found_.list.push_back({lab + '/', {}});
  }

  /// Of the node that is the first word of the verb.
  void services() {
    const std::size_t slash = first_.find('/');
    if (slash == std::string::npos) return offer(found_, names_.services(lab_, first_));
    offer(found_, names_.services(first_.substr(0, slash), first_.substr(slash + 1)));
  }

  void impairments() {
    for (const std::string_view key : app::impairment_keys())
      found_.list.push_back({fmt::format("{}=", key), {}});
    offer(found_, {"none", "out", "back"});
  }

  /// Those that begin with what is written already, each once.
  Candidates kept() {
    std::erase_if(found_.list, [this](const Candidate& one) { return !one.word.starts_with(current_); });
    return std::move(found_);
  }

  std::span<const std::string> words_;
  const std::string& current_;
  const Names& names_;
  const Command* command_ = nullptr;
  std::size_t verb_words_ = 1;
  std::string lab_;
  std::string first_;  ///< the first word that is no option
  Candidates found_;
};

}  // namespace

Candidates complete(std::span<const std::string> words, const Names& names) {
  if (words.empty()) return {};
  return Completion(words, names).all();
}

std::vector<std::string> split_line(std::string_view line) {
  std::vector<std::string> words;
  bool inside = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char byte = line[i];
    const bool blank = quote == 0 && (byte == ' ' || byte == '\t' || byte == '\n');
    if (blank) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (quote == 0 && (byte == '\'' || byte == '"'))
      quote = byte;
    else if (byte == quote)
      quote = 0;
    else if (byte == '\\' && quote != '\'' && i + 1 < line.size())
      words.back() += line[++i];
    else
      words.back() += byte;
  }
  if (!inside) words.emplace_back();
  if (!words.empty()) words.erase(words.begin());
  return words;
}

void strip_to_break(std::vector<Candidate>& candidates, std::string_view word, std::string_view breaks) {
  const std::size_t last = word.find_last_of(breaks);
  if (last == std::string_view::npos) return;
  for (Candidate& one : candidates) one.word.erase(0, last + 1);
}

}  // namespace hopyard::cli
