#include <fmt/format.h>

#include "app/change.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

/// What fail and heal have in common.
class Outage : public Action {
 public:
  Outage(Command& command, std::string_view verb) : verb_(verb) {
    command.positional("LINK|NODE:IF|NODE", place_,
                       "a link (a -- b, a:eth0--b:eth0), an interface (a:eth0) or a node (a)",
                       Completes::Target, true);
    command.option('l', "lab", "LAB", lab_, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
    command.links_are_words();
  }

  int run(Output& output) final {
    const auto place = app::parse_place(place_);
    if (!place) return output.mistaken(place.error(), verb_);
    const auto report = change(*place);
    if (!report) return output.fail(report.error());
    view::Record record;
    record.sentence(fmt::format("{}: {}", report->place, done()));
    record.fact("lab", view::Value(report->lab));
    record.fact("place", view::Value(report->place));
    record.fact("state", view::Value(done()));
    output.print(record);
    return status::success;
  }

 protected:
  [[nodiscard]] virtual Result<app::ChangeReport> change(const app::Place& place) const = 0;
  [[nodiscard]] virtual std::string_view done() const = 0;
  [[nodiscard]] const std::string& lab() const { return lab_; }

 private:
  std::string_view verb_;
  std::string lab_;
  std::string place_;
};

class Fail final : public Outage {
 public:
  explicit Fail(Command& command) : Outage(command, "fail") {
    command.flag('k', "kill", kill_, "of a node: kill its processes instead of freezing them");
  }

 protected:
  Result<app::ChangeReport> change(const app::Place& place) const override {
    return app::fail(keeper::Registry::standard(), lab(), place,
                     kill_ ? keeper::Failure::Kill : keeper::Failure::Freeze);
  }
  std::string_view done() const override { return "failed"; }

 private:
  bool kill_ = false;
};

class Heal final : public Outage {
 public:
  explicit Heal(Command& command) : Outage(command, "heal") {}

 protected:
  Result<app::ChangeReport> change(const app::Place& place) const override {
    return app::heal(keeper::Registry::standard(), lab(), place);
  }
  std::string_view done() const override { return "healed"; }
};

constexpr Example fail_examples[] = {
    {"hopyard fail r1 -- r2", "takes the link between r1 and r2 down"},
    {"hopyard fail r1:eth0", "takes one interface down"},
    {"hopyard fail --kill r1", "fails a node: its links go down and its processes are killed"},
};
constexpr Example heal_examples[] = {
    {"hopyard heal r1 -- r2", "brings the link back, with its addresses and routes"},
    {"hopyard heal r1", "brings the node back"},
};

}  // namespace

const Verb fail_verb{
    "fail",
    Group::Change,
    "fail links, interfaces and nodes",
    "Fails a part of a running lab. The links of a node that fails go down and its processes are frozen, or "
    "killed with --kill. Other nodes only notice as they would in life.",
    fail_examples,
    make<Fail>};
const Verb heal_verb{"heal",
                     Group::Change,
                     "heal links, interfaces and nodes",
                     "Brings back what fail took away: links up, with the addresses and routes that went "
                     "with them, and a node's "
                     "frozen processes.",
                     heal_examples,
                     make<Heal>};

}  // namespace hopyard::cli
