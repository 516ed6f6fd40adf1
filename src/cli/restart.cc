#include "app/restart.hh"

#include <fmt/format.h>

#include "cli/services.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Restart final : public Action {
 public:
  explicit Restart(Command& command) {
    command.positional("NODE", node_, "where; LAB/NODE names one of another lab", Completes::Node, true);
    command.positionals("SERVICE", services_, "these services; all of the node if none is named",
                        Completes::Service);
    command.option('l', "lab", "LAB", lab_, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
  }

  int run(Output& output) override {
    const auto restarted = app::restart(keeper::Registry::standard(), lab_, node_, services_);
    if (!restarted) return output.fail(restarted.error());
    view::Record record;
    record.fact("lab", view::Value(restarted->lab));
    record.fact("node", view::Value(restarted->node));
    put_services(record, restarted->services, "");
    output.print(record);
    return status::success;
  }

 private:
  std::string lab_;
  std::string node_;
  std::vector<std::string> services_;
};

constexpr Example examples[] = {
    {"hopyard restart r1 bird", "ends service bird of node r1, starts it again and waits until it is ready"},
    {"hopyard restart office/web", "restarts all services of node web of lab office"},
};

}  // namespace

const Verb restart_verb{
    "restart",
    Group::Inside,
    "restart services of a node",
    "Ends services of a node by their stop signal, those that come after others first; what has not "
    "ended after two seconds is killed. Then starts them in their order, and answers when they are "
    "ready.",
    examples,
    make<Restart>};

}  // namespace hopyard::cli
