#include "app/ls.hh"

#include <fmt/format.h>

#include <algorithm>

#include "cli/moment.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Ls final : public Action {
 public:
  explicit Ls(Command&) {}

  int run(Output& output) override {
    const auto labs = app::ls(keeper::Registry::standard());
    if (!labs) return output.fail(labs.error());
    view::Record record;
    const bool spread = std::ranges::any_of(
        *labs, [](const auto& one) { return one.description && !one.description->machine.empty(); });
    view::Table& table = record.table("labs", "",
                                      {{"lab", "LAB"},
                                       {"machine", spread ? "MACHINE" : ""},
                                       {"nodes", "NODES", true},
                                       {"links", "LINKS", true},
                                       {"uptime_seconds", "UP FOR"},
                                       {"started", ""},
                                       {"keeper_pid", "KEEPER", true},
                                       {"file", "FILE", false, true}});
    table.when_empty("no lab is running");
    for (const app::ListedLab& one : *labs) table.row(row(one));
    output.print(record);
    return status::success;
  }

 private:
  static std::vector<view::Cell> row(const app::ListedLab& one) {
    const view::Cell unknown("-", view::Value());
    if (!one.description)
      return {one.lab, unknown, unknown, unknown,
              unknown, unknown, unknown, {one.why, view::Value(), view::Tone::Warning}};
    const keeper::Description& lab = *one.description;
    return {{one.lab, view::Tone::Strong},
            view::optional_cell(lab.machine),
            lab.node_count,
            lab.link_count,
            uptime_cell(lab),
            started_cell(lab),
            std::uint64_t(lab.keeper),
            lab.file};
  }
};

constexpr Example ls_examples[] = {{"hopyard ls", "lists the labs that run on this machine"}};

}  // namespace

const Verb ls_verb{
    "ls",        Group::Lab, "list the labs that run", "Lists the labs that run on this machine.",
    ls_examples, make<Ls>};

}  // namespace hopyard::cli
