#include "app/exec.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Shell final : public Action {
 public:
  explicit Shell(Command& command) {
    command.positional("NODE", node_, "where; LAB/NODE names one of another lab", Completes::Node, true);
    command.option('l', "lab", "LAB", lab_, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
  }

  int run(Output& output) override {
    const auto entries = app::enter(keeper::Registry::standard(), {lab_, {node_}, false});
    if (!entries) return output.fail(entries.error());
    const auto status = app::shell(entries->front());
    if (!status) return output.fail(status.error());
    if (output.json) {
      view::Record record;
      record.fact("lab", view::Value(entries->front().lab));
      record.fact("node", view::Value(entries->front().node));
      record.fact("status", view::Value(*status));
      output.print(record);
    }
    return *status;
  }

 private:
  std::string lab_;
  std::string node_;
};

constexpr Example shell_examples[] = {
    {"hopyard shell pc1", "starts a login shell in node pc1, whose name is in the prompt"},
    {"hopyard shell office/pc1 < script.sh", "runs a script there"},
};

}  // namespace

const Verb shell_verb{
    "shell",
    Group::Inside,
    "start a shell in a node",
    "Starts a login shell inside a node, with the node's name in its prompt. Its status is the shell's.",
    shell_examples,
    make<Shell>};

}  // namespace hopyard::cli
