#include <fmt/format.h>

#include "base/suggest.hh"
#include "cli/help.hh"
#include "cli/run.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class HelpAction final : public Action {
 public:
  explicit HelpAction(Command& command) {
    command.positional("VERB", name_, "the verb to tell about; all of them if it is left out",
                       Completes::Verb);
  }

  int run(Output& output) override {
    std::string text = overview();
    if (!name_.empty()) {
      const Verb* verb = find_verb(name_);
      if (verb == nullptr) return output.mistaken(unknown_verb(name_), "help");
      text = help(*verb, Invocation(*verb, output).command());
    }
    if (!output.json) return output.raw(text), status::success;
    view::Record record;
    record.fact("text", view::Value(text));
    output.print(record);
    return status::success;
  }

 private:
  std::string name_;
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
