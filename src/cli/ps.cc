#include "app/ps.hh"

#include <fmt/format.h>

#include "cli/processes.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Ps final : public Action {
 public:
  explicit Ps(Command& command) {
    command.positional("NODE", node_, "only this node's; LAB/NODE names one of another lab", Completes::Node);
    command.option('l', "lab", "LAB", lab_, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
  }

  int run(Output& output) override {
    const auto processes = app::ps(keeper::Registry::standard(), lab_, node_);
    if (!processes) return output.fail(processes.error());
    view::Record record;
    record.fact("lab", view::Value(processes->lab));
    put_processes(record, processes->list, "")
        .when_empty(fmt::format("no process runs in {}", node_.empty() ? "lab " + processes->lab : node_));
    output.print(record);
    return status::success;
  }

 private:
  std::string lab_;
  std::string node_;
};

constexpr Example ps_examples[] = {
    {"hopyard ps", "lists what runs in the nodes of the lab"},
    {"hopyard ps gw", "lists what runs in node gw"},
};

}  // namespace

const Verb ps_verb{"ps",
                   Group::Inside,
                   "list the processes of a lab",
                   "Lists the processes that run in a lab or in one node, with their numbers inside the node "
                   "and on the host.",
                   ps_examples,
                   make<Ps>};

}  // namespace hopyard::cli
