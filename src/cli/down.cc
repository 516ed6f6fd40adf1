#include "app/down.hh"

#include <fmt/format.h>

#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Down final : public Action {
 public:
  explicit Down(Command& command) {
    command.positional("LAB", lab_, "the lab to end; the only one that runs if it is left out",
                       Completes::Lab);
    command.option('l', "lab", "LAB", lab_, "the same", Completes::Lab);
    command.flag('a', "all", all_, "end all labs of this machine");
  }

  int run(Output& output) override {
    const auto registry = keeper::Registry::standard();
    if (all_ && !lab_.empty()) return output.mistaken(mistaken("one lab or --all, not both").error(), "down");
    if (all_) return end_all(output, registry);
    const auto ended = app::down(registry, lab_);
    if (!ended) return output.fail(ended.error());
    print(output, {*ended});
    return status::success;
  }

 private:
  static int end_all(Output& output, const keeper::Registry& registry) {
    const auto all = app::down_all(registry);
    if (!all) return output.fail(all.error());
    print(output, all->ended);
    Output words;  // the errors as text only: stdout has its one JSON object already
    for (const Error& error : all->errors) words.fail(error);
    return all->errors.empty() ? status::success : status::failed;
  }

  static void print(Output& output, const std::vector<app::Ended>& ended) {
    view::Record record;
    view::Table& table = record.table("labs", "", {{"lab", ""}, {"seconds", ""}});
    table.when_empty("no lab is running");
    for (const app::Ended& one : ended) {
      table.row({one.lab, view::seconds_cell(one.seconds)});
      record.sentence(fmt::format("lab {} is down", one.lab));
    }
    output.print(record);
  }

  std::string lab_;
  bool all_ = false;
};

constexpr Example down_examples[] = {
    {"hopyard down", "ends the lab, if only one runs"},
    {"hopyard down office", "ends lab office: every process, interface and file of it is gone"},
    {"hopyard down --all", "ends all labs"},
};

}  // namespace

const Verb down_verb{"down",
                     Group::Lab,
                     "end a lab and leave nothing of it",
                     "Ends a lab: its processes, interfaces, namespaces and files. Nothing of it is left "
                     "when the verb answers.",
                     down_examples,
                     make<Down>};

}  // namespace hopyard::cli
