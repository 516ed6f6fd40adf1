#include "app/exec.hh"

#include <fmt/format.h>

#include <algorithm>

#include "cli/verbs.hh"
#include "view/width.hh"

namespace hopyard::cli {
namespace {

class Exec final : public Action {
 public:
  explicit Exec(Command& command) {
    command.positionals("NODE", which_.nodes, "where to run it; LAB/NODE names one of another lab",
                        Completes::Node);
    command.option('l', "lab", "LAB", which_.lab, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
    command.flag('a', "all", which_.all, "run it in every node of the lab");
    command.command(command_, separated_);
  }

  int run(Output& output) override {
    if (const auto sound = sort_words(); !sound) return output.mistaken(sound.error(), "exec");
    const auto entries = app::enter(keeper::Registry::standard(), which_);
    if (!entries) return output.fail(entries.error());
    if (entries->size() == 1 && !which_.all && !output.json) return run_one(output, entries->front());
    return output.json ? run_for_programs(output, *entries) : run_side_by_side(output, *entries);
  }

 private:
  /// Without a `--` the first word is the node, or none is with --all, and the others are the command.
  Result<> sort_words() {
    if (!separated_) {
      const std::size_t nodes = which_.all ? 0 : std::min<std::size_t>(1, which_.nodes.size());
      command_.assign(which_.nodes.begin() + static_cast<std::ptrdiff_t>(nodes), which_.nodes.end());
      which_.nodes.resize(nodes);
    }
    if (which_.all && !which_.nodes.empty()) return mistaken("nodes or --all, not both");
    if (!which_.all && which_.nodes.empty())
      return mistaken("NODE is missing", "hopyard exec NODE -- COMMAND");
    if (command_.empty())
      return mistaken("there is no command to run",
                      "hopyard exec NODE -- COMMAND; 'hopyard shell NODE' starts a shell");
    return {};
  }

  int run_one(Output& output, const keeper::Entry& entry) {
    const auto status = app::exec(entry, command_);
    return status ? *status : output.fail(status.error());
  }

  int run_side_by_side(Output& output, const std::vector<keeper::Entry>& entries) {
    const bool one_lab =
        std::ranges::all_of(entries, [&](const auto& entry) { return entry.lab == entries.front().lab; });
    const auto name = [one_lab](const keeper::Entry& entry) {
      return one_lab ? entry.node : fmt::format("{}/{}", entry.lab, entry.node);
    };
    std::size_t widest = 0;
    for (const auto& entry : entries) widest = std::max(widest, view::display_width(name(entry)));
    const auto line = [&](const keeper::Entry& entry, keeper::Stream stream, std::string_view words) {
      const bool error = stream == keeper::Stream::Error;
      const std::string prefix = fmt::format("{:<{}} |", name(entry), widest);
      const bool colour = error ? output.colour_err() : output.colour_out();
      const std::string text = fmt::format("{} {}\n", view::painted(prefix, view::Tone::Dim, colour), words);
      error ? output.aside(text) : output.raw(text);
    };
    const auto statuses = app::exec_all(entries, command_, line);
    return statuses ? app::first_failure(*statuses) : output.fail(statuses.error());
  }

  int run_for_programs(Output& output, const std::vector<keeper::Entry>& entries) {
    std::vector<std::string> out(entries.size());
    std::vector<std::string> err(entries.size());
    const auto line = [&](const keeper::Entry& entry, keeper::Stream stream, std::string_view words) {
      auto& texts = stream == keeper::Stream::Error ? err : out;
      (texts[static_cast<std::size_t>(&entry - entries.data())] += words) += '\n';
    };
    const auto statuses = app::exec_all(entries, command_, line);
    if (!statuses) return output.fail(statuses.error());
    view::Record record;
    view::Table& table = record.table(
        "results", "", {{"lab", ""}, {"node", ""}, {"status", ""}, {"stdout", ""}, {"stderr", ""}});
    for (std::size_t i = 0; i < entries.size(); ++i)
      table.row({entries[i].lab, entries[i].node, {"", view::Value((*statuses)[i])}, out[i], err[i]});
    output.print(record);
    return app::first_failure(*statuses);
  }

  app::WhichNodes which_;
  std::vector<std::string> command_;
  bool separated_ = false;
};

constexpr Example exec_examples[] = {
    {"hopyard exec pc1 -- ping -c 1 gw",
     "runs ping in node pc1; its input, output, signals and status are its own"},
    {"hopyard exec pc1 pc2 -- ip route", "runs it in both at the same time, with the node before each line"},
    {"hopyard exec --all -l office -- ip -br address", "runs it in every node of lab office"},
    {"hopyard exec office/pc1 hostname",
     "LAB/NODE names the lab too; without options in the command, -- may be left out"},
};

}  // namespace

const Verb exec_verb{"exec",
                     Group::Inside,
                     "run a command in nodes",
                     "Runs a command inside a node. Terminal, standard input, signals and exit status are "
                     "the command's own. In "
                     "several nodes it runs at the same time, with the node before each line and nothing on "
                     "its input; the status "
                     "is the first that is not 0, in the order of the nodes.",
                     exec_examples,
                     make<Exec>};

}  // namespace hopyard::cli
