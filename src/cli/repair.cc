#include "app/repair.hh"

#include <fmt/format.h>

#include "cli/drift.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Repair final : public Action {
 public:
  explicit Repair(Command& command) {
    command.positional("LAB", lab_, "the lab to put right; the only one that runs if it is left out",
                       Completes::Lab);
    command.option('l', "lab", "LAB", lab_, "the same", Completes::Lab);
    command.flag('n', "dry-run", only_say_, "say what would be done, and change nothing");
  }

  int run(Output& output) override {
    const auto report = app::repair(keeper::Registry::standard(), lab_, only_say_);
    if (!report) return output.fail(report.error());
    const keeper::RepairDescription& repair = report->repair;
    view::Record record;
    record.fact("lab", view::Value(report->lab));
    record.fact("dry_run", view::Value(only_say_));
    if (repair.found.empty() && repair.error.empty())
      record.sentence(fmt::format("lab {} is as its file says", report->lab));
    put_drift(record, "found", "differs from the lab file", repair.found);
    for (const std::string& step : repair.steps) record.sentence(step);
    record.fact("steps", view::value_list(repair.steps));
    put_drift(record, "left", only_say_ ? "cannot be put right" : "still differs", repair.left);
    record.fact("error", repair.error.empty() ? view::Value() : view::Value(repair.error));
    output.print(record);
    if (!repair.error.empty()) output.aside(fmt::format("hopyard: {}\n", repair.error));
    return repair.left.empty() && repair.error.empty() ? status::success : status::failed;
  }

 private:
  std::string lab_;
  bool only_say_ = false;
};

constexpr Example repair_examples[] = {
    {"hopyard repair", "makes the lab again what its file says, if only one runs"},
    {"hopyard repair office --dry-run", "says what differs in lab office, and what would be done"},
};

}  // namespace

const Verb repair_verb{
    "repair",
    Group::Change,
    "repair links, interfaces and nodes",
    "Makes a running lab again what its file says: brings back interfaces, addresses, routes, rules, "
    "neighbours, sysctls, impairments, rulesets, services and nodes that somebody has deleted, changed or "
    "killed, and touches nothing else. What was changed by set, fail or stop is as it should be. hopyard "
    "show lists what differs.",
    repair_examples,
    make<Repair>};

}  // namespace hopyard::cli
