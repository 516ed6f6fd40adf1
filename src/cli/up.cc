#include "app/up.hh"

#include <fmt/format.h>

#include <optional>

#include "app/emulation.hh"
#include "app/name_servers.hh"
#include "app/prepare.hh"
#include "app/programs.hh"
#include "base/quantity.hh"
#include "cli/source.hh"
#include "cli/verbs.hh"
#include "view/progress.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

class Up final : public Action {
 public:
  explicit Up(Command& command) {
    declare(command, source_);
    command.flag('n', "dry-run", dry_run_,
                 "print the plan, each step with the line that asked for it; make nothing");
    command.flag('f', "foreground", options_.foreground, "stay until Ctrl-C, then take the lab down");
    command.option(
        0, "timeout", "TIME", [this](std::string_view word) { return take_timeout(word); },
        "give up and undo everything if it takes longer, for instance 30s");
  }

  int run(Output& output) override {
    options_.began = std::chrono::steady_clock::now();
    auto prepared = app::prepare(source_);
    if (!prepared) return output.fail(prepared.error()), status::mistaken;
    const auto& [sources, diagnostics, lab, checks] = prepared->reading;
    if (diagnostics.failed()) return output.refuse(diagnostics, sources);
    output.warn(diagnostics, sources);
    if (dry_run_) return print_plan(output, *prepared), status::success;
    Diagnostics missing;
    app::check_programs(prepared->desired, missing);
    if (missing.failed()) return output.refuse(missing, sources), status::failed;
    const lab::Lab here = app::nodes_here(*prepared);
    for (const std::string& words : {app::warn_of_limits(lab), app::choose_acceleration(*prepared),
                                     app::warn_of_host_firewall(here), app::warn_of_name_servers(*prepared)})
      if (!words.empty())
        output.aside(fmt::format("{} {}\n",
                                 view::painted("warning:", view::Tone::Warning, output.colour_err()), words));
    return make(output, *prepared);
  }

 private:
  Result<> take_timeout(std::string_view word) {
    const auto time = parse_duration(word);
    if (!time || time->count() <= 0)
      return mistaken(fmt::format("'{}' is not a time", word), "write for instance --timeout 30s");
    options_.timeout = std::chrono::ceil<std::chrono::milliseconds>(*time);
    return {};
  }

  int make(Output& output, app::Prepared& prepared) {
    const app::Counts& counts = prepared.counts;
    const view::Done all{counts.nodes + counts.networks, counts.links};
    std::optional<view::ProgressBar> bar;
    if (output.terminal_err() && !output.json) {
      bar.emplace(prepared.reading.lab.name, all, output.columns_err(),
                  [&output](std::string_view text) { output.aside(text); });
      options_.progress = [&bar](const keeper::StartProgress& progress) {
        bar->show({progress.nodes_done, progress.links_done});
      };
    }
    int interrupted = 0;
    const auto registry = keeper::Registry::standard();
    const auto report = app::up(registry, prepared, options_, interrupted);
    bar.reset();
    if (!report) {
      output.fail(report.error());
      return interrupted != 0 ? 128 + interrupted : status::failed;
    }
    for (const std::string& words : report->warnings)
      output.aside(
          fmt::format("{} {}\n", view::painted("warning:", view::Tone::Warning, output.colour_err()), words));
    print_report(output, *report, prepared);
    return options_.foreground ? stay(output, registry, *report) : status::success;
  }

  static void print_report(Output& output, const app::UpReport& report, const app::Prepared& prepared) {
    view::Record record;
    record.sentence(
        fmt::format("lab {}: {}, {} up in {}", report.lab, view::counted(report.counts.nodes, "node"),
                    view::counted(report.counts.links, "link"), view::seconds_text(report.seconds)));
    record.fact("lab", view::Value(report.lab));
    record.fact("file", view::Value(report.file));
    record.fact("nodes", view::Value(std::uint64_t{report.counts.nodes}));
    record.fact("networks", view::Value(std::uint64_t{report.counts.networks}));
    record.fact("links", view::Value(std::uint64_t{report.counts.links}));
    record.fact("seconds", view::Value(report.seconds));
    record.fact("keeper_pid", view::Value(std::int64_t{report.keeper}));
    if (prepared.machine) {
      const std::string& machine = prepared.reading.lab.machines[*prepared.machine].name;
      const std::string place = app::reached_at(prepared);
      record.sentence(
          place.empty() ? fmt::format("this is machine {}: nothing leads from it to the others", machine)
                        : fmt::format("this is machine {}: the others must reach it at {}", machine, place));
      record.fact("machine", view::Value(machine));
      record.fact("reached_at", place.empty() ? view::Value() : view::Value(place));
    }
    record.fact("warnings", view::value_list(report.warnings));
    output.print(record);
  }

  static int stay(Output& output, const keeper::Registry& registry, const app::UpReport& report) {
    if (output.terminal_err()) output.aside("Ctrl-C takes it down\n");
    const auto ended = app::await_end(registry, report);
    if (!ended) return output.fail(ended.error());
    if (output.terminal_err()) output.aside(fmt::format("\rlab {} is down\n", report.lab));
    return status::success;
  }

  static void print_plan(Output& output, const app::Prepared& prepared) {
    view::Record record;
    record.fact("lab", view::Value(prepared.reading.lab.name));
    record.fact("file", view::Value(prepared.path));
    view::Table& table = record.table(
        "steps", "", {{"step", "", true}, {"does", "STEP"}, {"where", "BECAUSE OF"}, {"undo", ""}});
    for (std::size_t i = 0; i < prepared.plan.size(); ++i) {
      const app::Step step = app::step(prepared, i);
      table.row({std::uint64_t{i + 1}, step.words, view::optional_cell(step.where, view::Tone::Dim),
                 view::optional_cell(step.undo)});
    }
    record.fact("diagnostics",
                view::diagnostics_value(prepared.reading.diagnostics, prepared.reading.sources));
    record.sentence(fmt::format("{} to make lab {}; nothing was made",
                                view::counted(prepared.plan.size(), "step"), prepared.reading.lab.name));
    output.print(record);
  }

  app::LabSource source_;
  app::UpOptions options_{};
  bool dry_run_ = false;
};

constexpr Example up_examples[] = {
    {"hopyard up office.yaml", "makes the lab of office.yaml and answers when everything is in place"},
    {"hopyard up --name left --set COUNT=12 lan.yaml",
     "makes it under another name, with a value for ${COUNT}"},
    {"hopyard up --machine a spread.yaml", "makes the part of machine a, of a lab on several machines"},
    {"hopyard up --dry-run office.yaml", "prints what would be done, and why"},
    {"hopyard up --foreground --timeout 30s", "makes the lab of this folder, and takes it down at Ctrl-C"},
};

}  // namespace

const Verb up_verb{"up",
                   Group::Lab,
                   "make the network that a lab file describes",
                   "Reads a lab file, plans it and makes the network, then answers. All mistakes of the file "
                   "are told before "
                   "anything is made; when something fails half way, or Ctrl-C is pressed, nothing is left.",
                   up_examples,
                   make<Up>};

}  // namespace hopyard::cli
