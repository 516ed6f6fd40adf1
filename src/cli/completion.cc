#include <fmt/format.h>

#include <array>

#include "base/suggest.hh"
#include "cli/complete.hh"
#include "cli/names.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class CompletionAction final : public Action {
 public:
  explicit CompletionAction(Command& command) {
    command.positional("SHELL", shell_, "bash, zsh or fish", Completes::Shell, true);
  }

  int run(Output& output) override {
    const std::string_view script = completion_script(shell_);
    if (script.empty()) {
      constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};
      std::string remedy = did_you_mean(shell_, shells);
      if (remedy.empty()) remedy = "there are bash, zsh and fish";
      return output.mistaken(
          {{}, {}, 0, fmt::format("no completion is made for '{}'", shell_), std::move(remedy)},
          "completion");
    }
    if (!output.json) return output.raw(script), status::success;
    view::Record record;
    record.fact("shell", view::Value(shell_));
    record.fact("script", view::Value(script));
    output.print(record);
    return status::success;
  }

 private:
  std::string shell_;
};

/// What the scripts call.
class CompleteAction final : public Action {
 public:
  explicit CompleteAction(Command& command) {
    command.option(0, "shell", "SHELL", shell_, "the shell that asks", Completes::Shell);
    command.option(0, "breaks", "CHARACTERS", breaks_, "bash's COMP_WORDBREAKS");
    command.command(words_, separated_);
  }

  int run(Output& output) override {
    if (shell_ == "bash" && !words_.empty()) words_ = split_line(words_.front());
    Candidates found = complete(words_, running_names());
    if (shell_ == "bash" && !words_.empty()) strip_to_break(found.list, words_.back(), breaks_);
    if (output.json) return print(output, found), status::success;
    std::string text;
    for (const Candidate& one : found.list)
      text +=
          one.about.empty() ? fmt::format("{}\n", one.word) : fmt::format("{}\t{}\n", one.word, one.about);
    if (found.also == Also::Files) text += ":files\n";
    if (found.also == Also::Commands) text += ":commands\n";
    output.raw(text);
    return status::success;
  }

 private:
  static void print(Output& output, const Candidates& found) {
    view::Record record;
    view::Table& table = record.table("candidates", "", {{"word", "WORD"}, {"about", "ABOUT"}});
    for (const Candidate& one : found.list) table.row({one.word, view::optional_cell(one.about)});
    record.fact("files", view::Value(found.also == Also::Files));
    record.fact("commands", view::Value(found.also == Also::Commands));
    output.print(record);
  }

  std::string shell_;
  std::string breaks_;
  std::vector<std::string> words_;
  bool separated_ = false;
};

constexpr Example completion_examples[] = {
    {"hopyard completion bash > /etc/bash_completion.d/hopyard",
     "teaches bash the verbs, options, labs, nodes and links"},
    {"source <(hopyard completion zsh)", "teaches the zsh that is running"},
    {"hopyard completion fish > ~/.config/fish/completions/hopyard.fish", "teaches fish"},
};
constexpr Example complete_examples[] = {{"hopyard __complete --shell zsh -- up ''", "what zsh asks at TAB"}};

}  // namespace

const Verb completion_verb{
    "completion",
    Group::Help,
    "print the completion script for a shell",
    "Prints a script that teaches a shell to complete hopyard's verbs and options, and the names of "
    "running labs, their nodes and links.",
    completion_examples,
    make<CompletionAction>};
const Verb complete_verb{
    "__complete",      Group::Hidden,       "say what a shell may offer", "Asked by the completion scripts.",
    complete_examples, make<CompleteAction>};

}  // namespace hopyard::cli
