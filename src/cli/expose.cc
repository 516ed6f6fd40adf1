#include "app/expose.hh"

#include <fmt/format.h>

#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Expose final : public Action {
 public:
  explicit Expose(Command& command) {
    command.positional("LAB", wanted_.lab, "the lab; the only one that runs if it is left out",
                       Completes::Lab);
    command.positionals("NODE", wanted_.nodes, "only these nodes", Completes::Node);
    command.option('l', "lab", "LAB", lab_, "the lab; then all the words are nodes", Completes::Lab);
    command.option(0, "as", "PATTERN", wanted_.pattern,
                   "the names, with {lab} and {node} in it; {lab}-{node} if it is left out");
    command.flag('u', "undo", undo_, "take the names away");
  }

  int run(Output& output) override {
    if (!lab_.empty()) {
      if (!wanted_.lab.empty()) wanted_.nodes.insert(wanted_.nodes.begin(), wanted_.lab);
      wanted_.lab = lab_;
    }
    const auto registry = keeper::Registry::standard();
    const auto done = undo_ ? app::unexpose(registry, wanted_) : app::expose(registry, wanted_);
    if (!done) return output.fail(done.error());
    view::Record record;
    record.fact("lab", view::Value(done->lab));
    view::Table& table = record.table(undo_ ? "hidden" : "exposed", "", {{"node", "NODE"}, {"name", "NAME"}});
    table.when_empty(
        fmt::format("no node of lab {} {}", done->lab, undo_ ? "was exposed" : "is to be exposed"));
    for (const app::ExposedName& one : done->names) table.row({one.node, one.name});
    output.print(record);
    return status::success;
  }

 private:
  app::Exposure wanted_;
  std::string lab_;
  bool undo_ = false;
};

constexpr Example expose_examples[] = {
    {"hopyard expose office", "makes office-pc1 and all others names for ip -n and ip netns exec"},
    {"hopyard expose office pc1 gw --as {node}", "makes pc1 and gw names of these two"},
    {"hopyard expose office --undo", "takes the names away, as hopyard down does"},
};

}  // namespace

const Verb expose_verb{
    "expose",
    Group::Host,
    "name a lab's nodes for ip netns",
    "Gives the nodes of a running lab names under /run/netns, so that ip -n, ip netns exec "
    "and hopyard netns work in them from outside. The names are links to descriptors of the "
    "lab's keeper: they mount nothing, keep nothing alive, and go with the lab.",
    expose_examples,
    make<Expose>};

}  // namespace hopyard::cli
