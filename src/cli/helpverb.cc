#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/suggest.hh"
#include "cli/help.hh"
#include "cli/run.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class HelpAction final : public Action {
 public:
  explicit HelpAction(Command& command) {
    command.positionals("VERB", names_, "the verb to tell about; all of them if it is left out",
                        Completes::Verb);
  }

  int run(Output& output) override {
    std::string text = overview();
    if (!names_.empty()) {
      const std::vector<std::string_view> words(names_.begin(), names_.end());
      const Spoken spoken = spoken_verb(words);
      if (spoken.verb == nullptr || spoken.words < words.size())
        return output.mistaken(unknown_verb(fmt::format("{}", fmt::join(words, " "))), "help");
      text = help(*spoken.verb, Invocation(*spoken.verb, output).command());
    }
    if (!output.json) return output.raw(text), status::success;
    view::Record record;
    record.fact("text", view::Value(text));
    output.print(record);
    return status::success;
  }

 private:
  std::vector<std::string> names_;
};

constexpr Example helpverb_examples[] = {{"hopyard help exec", "the same as hopyard exec --help"}};

}  // namespace

const Verb help_verb{"help",
                     Group::Help,
                     "tell about a verb",
                     "Tells what the verbs are, or all about one.",
                     helpverb_examples,
                     make<HelpAction>};

}  // namespace hopyard::cli
