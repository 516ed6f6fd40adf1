#include "cli/run.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "base/suggest.hh"
#include "cli/help.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

std::string joined(std::span<const std::string_view> words) {
  return fmt::format("{}", fmt::join(words, " "));
}

int dispatch(std::span<const std::string_view> words, Output& output) {
  if (words.empty()) return output.aside(overview()), status::mistaken;
  std::string_view name = words.front();
  if (name == "--help" || name == "-h") return output.raw(overview()), status::success;
  if (name == "--version" || name == "-V") name = "version";
  std::vector<std::string_view> said(words.begin(), words.end());
  said.front() = name;
  const Spoken spoken = spoken_verb(said);
  if (spoken.verb == nullptr) return output.mistaken(unknown_verb(joined(words.first(spoken.words))), "");
  return Invocation(*spoken.verb, output).run(words.subspan(spoken.words));
}

}  // namespace

Invocation::Invocation(const Verb& verb, Output& output)
    : verb_(verb), output_(output), action_(verb.make(command_)) {
  command_.flag(0, "json", output.json, "write JSON for programs instead of text");
  command_.flag('h', "help", help_, "tell about this verb");
}

int Invocation::run(std::span<const std::string_view> words) {
  const auto parsed = command_.parse(words);
  if (help_) return output_.raw(help(verb_, command_)), status::success;
  if (!parsed) return output_.mistaken(parsed.error(), verb_.name);
  return action_->run(output_);
}

Error unknown_verb(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Verb* verb : verbs())
    if (verb->group != Group::Hidden) names.push_back(verb->name);
  const std::string_view what = name.starts_with('-') ? "option" : "verb";
  return {"read the command line",
          {},
          0,
          fmt::format("there is no {} '{}'", what, name),
          did_you_mean(name, names)};
}

int run(std::span<const std::string_view> words) {
  Output output;
  const int result = dispatch(words, output);
  if (output.good()) return result;
  output.json = false;  // nothing more can be written there
  return output.fail({"write output", {}, output.write_error(), {}, {}});
}

}  // namespace hopyard::cli
