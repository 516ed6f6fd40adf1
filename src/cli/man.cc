#include "cli/man.hh"

#include <fmt/format.h>

#include "app/version.hh"
#include "cli/help.hh"
#include "cli/run.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

/// Text for roff: no line of it is a request, and dashes stay dashes.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char byte : text) {
    if (byte == '\\')
      safe += "\\e";
    else if (byte == '-')
      safe += "\\-";
    else
      safe += byte;
  }
  if (safe.starts_with('.') || safe.starts_with('\'')) safe.insert(0, "\\&");
  return safe;
}

std::string term(std::string_view head, std::string_view body) {
  return fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(head), escaped(body));
}

std::string verb_section(const Verb& verb) {
  Output output;
  const Invocation invocation(verb, output);
  const Command& command = invocation.command();
  std::string text = fmt::format(".SS {}\n\\fB{}\\fR\n.PP\n{}\n", verb.name, escaped(synopsis(verb, command)),
                                 escaped(verb.about));
  for (const Positional& place : command.positionals()) text += term(place.name, place.help);
  for (const Option& option : command.options())
    if (option.name != "json" && option.name != "help") text += term(spelling(option), option.help);
  for (const Example& example : verb.examples)
    text += fmt::format(".PP\n{}:\n.PP\n.nf\n.RS\n{}\n.RE\n.fi\n", escaped(example.says),
                        escaped(example.command));
  return text;
}

struct Entry {
  std::string_view name;
  std::string_view about;
};

std::string section(std::string_view title, std::span<const Entry> entries) {
  std::string text = fmt::format(".SH {}\n", title);
  for (const Entry& entry : entries) text += term(entry.name, entry.about);
  return text;
}

constexpr Entry every_verb[] = {
    {"--json", "Write JSON for programs instead of text. The forms are stable and documented."},
    {"-h, --help", "Tell about the verb, with examples."},
};
constexpr Entry statuses[] = {
    {"0", "It was done."},
    {"1", "It could not be done; why is on standard error."},
    {"2", "A mistake in the lab file or on the command line; nothing was done."},
    {"130", "Interrupted; what was begun has been undone."},
    {"the command's own",
     "of exec and shell; of several nodes, the first that is not 0; 127 when the node has no such command, "
     "126 when it cannot be run, 128 and the signal's number when a signal ended it."},
};
constexpr Entry environment[] = {
    {"HOPYARD_RUNTIME_DIR", "Where running labs are found, instead of /run/hopyard."},
    {"XDG_RUNTIME_DIR", "For users other than root, running labs are found in its folder hopyard."},
    {"NO_COLOR", "If it is not empty, nothing is coloured."},
    {"TERM", "On a terminal called dumb, nothing is coloured."},
    {"SHELL", "The shell that hopyard shell starts, if the node has it."},
};
constexpr Entry files[] = {
    {"lab.hop.yaml, lab.yaml",
     "What up and check look for in a folder, before the only other *.hop.yaml or *.yaml."},
    {"/run/hopyard/LAB",
     "The folder of a running lab. A lab whose keeper is gone leaves it, and the next command removes it."},
};

}  // namespace

std::string man_page(std::string_view version) {
  std::string text = fmt::format(".TH HOPYARD 1 \"\" \"hopyard {}\" \"User Commands\"\n", version);
  text += ".SH NAME\nhopyard \\- whole networks on one machine, from a lab file\n";
  text += ".SH SYNOPSIS\n\\fBhopyard\\fR \\fIVERB\\fR [\\fIARGUMENTS\\fR]\n";
  text +=
      ".SH DESCRIPTION\nHopyard makes networks out of Linux network namespaces. A lab file in YAML names "
      "nodes, networks and "
      "links; \\fBhopyard up\\fR makes them, \\fBhopyard exec\\fR works inside, \\fBhopyard down\\fR leaves "
      "nothing. A running lab "
      "is held by one process; when that ends, so does all of the lab.\n";
  text += ".SH VERBS\n";
  for (const Verb* verb : verbs())
    if (verb->group != Group::Hidden) text += verb_section(*verb);
  text += section("OPTIONS OF EVERY VERB", every_verb) + section("EXIT STATUS", statuses);
  text += section("ENVIRONMENT", environment) + section("FILES", files);
  return text + ".SH SEE ALSO\n.BR ip (8),\n.BR tc\\-netem (8),\n.BR nft (8),\n.BR namespaces (7)\n";
}

namespace {

class ManAction final : public Action {
 public:
  explicit ManAction(Command&) {}
  int run(Output& output) override {
    const std::string page = man_page(app::version().hopyard);
    if (!output.json) return output.raw(page), status::success;
    view::Record record;
    record.fact("roff", view::Value(page));
    output.print(record);
    return status::success;
  }
};

constexpr Example man_examples[] = {{"hopyard __man > hopyard.1", "writes the man page"}};

}  // namespace

const Verb man_verb{"__man",      Group::Hidden,  "print the man page", "Prints hopyard(1) as roff.",
                    man_examples, make<ManAction>};

}  // namespace hopyard::cli
