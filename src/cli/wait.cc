#include "app/wait.hh"

#include <fmt/format.h>

#include "base/quantity.hh"
#include "cli/verbs.hh"
#include "view/width.hh"

namespace hopyard::cli {
namespace {

using view::Value;

class Wait final : public Action {
 public:
  explicit Wait(Command& command) {
    command.positional("TO", wanted_.to, "with --reach: the node or address that is to answer",
                       Completes::Node);
    command.option(
        0, "routes-stable", "TIME",
        [this](std::string_view word) { return take_time(word, "--routes-stable 2s", stable_); },
        "until no route of any node has changed for that long; 2s if neither this nor --reach is given");
    command.option('r', "reach", "FROM", wanted_.from, "until this node gets an answer from TO to an echo",
                   Completes::Node);
    command.option(
        't', "timeout", "TIME",
        [this](std::string_view word) { return take_time(word, "--timeout 30s", wanted_.timeout); },
        "give up after that long; 60s if it is left out");
    command.option('l', "lab", "LAB", wanted_.lab, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
    wanted_.timeout = std::chrono::seconds(60);
  }

  int run(Output& output) override {
    if (wanted_.from.empty() != wanted_.to.empty())
      return output.mistaken(mistaken(wanted_.to.empty() ? "--reach needs two ends" : "TO is for --reach",
                                      "write --reach FROM TO, for instance --reach pc1 pc2")
                                 .error(),
                             "wait");
    if (stable_.count() != 0) wanted_.routes_stable = stable_;
    if (stable_.count() == 0 && wanted_.from.empty()) wanted_.routes_stable = std::chrono::seconds(2);
    const auto waited = app::wait(keeper::Registry::standard(), wanted_);
    if (!waited) return output.fail(waited.error());
    print(output, *waited);
    if (waited->signal != 0) return 128 + waited->signal;
    return waited->reached ? status::success : status::failed;
  }

 private:
  static Result<> take_time(std::string_view word, std::string_view instead, std::chrono::nanoseconds& time) {
    const auto parsed = parse_duration(word);
    if (!parsed || parsed->count() <= 0)
      return mistaken(fmt::format("'{}' is not a time", word), fmt::format("write for instance {}", instead));
    time = *parsed;
    return {};
  }

  void print(Output& output, const app::Waited& waited) const {
    if (!output.json) {
      const std::string words = waited.reached ? well(waited) : badly(waited);
      return waited.reached ? output.raw(words) : output.aside(words);
    }
    Value::List moving;
    for (const auto& [node, changes, last] : waited.moving)
      moving.emplace_back(
          Value::Object{{"node", Value(node)}, {"changes", Value(changes)}, {"last", Value(last)}});
    Value::List reach;
    for (const auto& [to, answered] : waited.reach)
      reach.emplace_back(
          Value::Object{{"from", Value(waited.from)}, {"to", Value(to)}, {"answered", Value(answered)}});
    output.raw(view::json_text(Value(
        Value::Object{{"lab", Value(waited.lab)},
                      {"reached", Value(waited.reached)},
                      {"seconds", Value(waited.seconds)},
                      {"settled", wanted_.routes_stable ? Value(waited.settled) : Value()},
                      {"changes", Value(waited.changes)},
                      {"last_change_seconds", waited.last_change ? Value(*waited.last_change) : Value()},
                      {"moving", Value(std::move(moving))},
                      {"reach", Value(std::move(reach))}})));
  }

  /// "lab chain: no route has changed for 2s; the last of 30 changes came after 1.41 s; …"
  std::string well(const app::Waited& waited) const {
    std::string words = fmt::format("lab {}: ", waited.lab);
    if (wanted_.routes_stable) {
      words += fmt::format("no route has changed for {}, ", duration_text(*wanted_.routes_stable));
      words += waited.last_change
                   ? fmt::format("the last of {} after {}", view::counted(waited.changes, "change"),
                                 view::seconds_text(*waited.last_change))
                   : std::string("and none since the beginning");
    }
    for (const app::Reach& reach : waited.reach)
      words += fmt::format("{}{} reaches {}", words.ends_with(": ") ? "" : "; ", view::printable(waited.from),
                           reach.to);
    return words + fmt::format("; waited {}\n", view::seconds_text(waited.seconds));
  }

  std::string badly(const app::Waited& waited) const {
    std::string words = fmt::format("hopyard: lab {} is not there after {}\n", waited.lab,
                                    view::seconds_text(waited.seconds));
    if (wanted_.routes_stable && !waited.settled)
      words += fmt::format(
          "  {} so far, and within the last {} in {}\n", view::counted(waited.changes, "route change"),
          duration_text(*wanted_.routes_stable), view::counted(waited.moving.size(), "node"));
    constexpr std::size_t most = 10;
    for (std::size_t i = 0; i < waited.moving.size() && i < most; ++i)
      words += fmt::format("  {}: {}\n", view::printable(waited.moving[i].node), waited.moving[i].last);
    if (waited.moving.size() > most) words += fmt::format("  and {} more\n", waited.moving.size() - most);
    for (const app::Reach& reach : waited.reach)
      if (!reach.answered)
        words += fmt::format("  {} gets no answer from {}\n", view::printable(waited.from), reach.to);
    return words;
  }

  app::WaitFor wanted_;
  std::chrono::nanoseconds stable_{0};
};

constexpr Example wait_examples[] = {
    {"hopyard wait", "returns when no route of any node has changed for two seconds"},
    {"hopyard wait --routes-stable 5s --timeout 2m", "wants more quiet, and has more patience"},
    {"hopyard wait --reach pc1 pc2", "returns when pc1 gets an answer from pc2"},
};

}  // namespace

const Verb wait_verb{
    "wait",
    Group::Inside,
    "wait until routes have settled, or a node is reached",
    "Returns when the network has converged and says how long that took: when no route of any "
    "node changes any more, or one node gets an answer from another, or both. The status is 1 "
    "when the time is over first; then it says what still moves.",
    wait_examples,
    make<Wait>};

}  // namespace hopyard::cli
