#include "app/spread.hh"

#include <fmt/format.h>

#include "app/out_file.hh"
#include "base/quantity.hh"
#include "cli/route_words.hh"
#include "cli/spread_words.hh"
#include "cli/verbs.hh"
#include "view/spread_picture.hh"

namespace hopyard::cli {
namespace {

using Moment = std::optional<app::Clock::time_point>;

/// The one that is there, or the first of both.
Moment earlier(const Moment& one, const Moment& other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

class Spread final : public Action {
 public:
  explicit Spread(Command& command) {
    command.positional("PREFIX", prefix_, "for instance 10.9.0.0/24, fd00::/64, or default",
                       Completes::Nothing, true);
    command.flag('w', "watch", watch_, "tell of it as it happens, until Ctrl-C; then the table");
    command.option(
        0, "routes-stable", "TIME",
        [this](std::string_view word) { return take_time(word, "--routes-stable 2s", stable_); },
        "with --watch: end when it moved and then has not for that long");
    command.option(
        't', "timeout", "TIME",
        [this](std::string_view word) { return take_time(word, "--timeout 30s", timeout_); },
        "with --watch: end after that long");
    command.option('o', "svg", "FILE", svg_, "with --watch: draw it, distance against time", Completes::File);
    command.option('l', "lab", "LAB", wanted_.lab, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
  }

  int run(Output& output) override {
    const auto prefix = app::parse_prefix(prefix_);
    if (!prefix) return output.mistaken(prefix.error(), "spread");
    if (!watch_ && (!svg_.empty() || stable_ || timeout_))
      return output.mistaken(mistaken("only what is watched has times", "add --watch").error(), "spread");
    if (!svg_.empty()) {
      // Now and not at the end, when what was watched would be lost with the error.
      auto file = app::OutFile::create(svg_);
      if (!file) return output.fail(file.error());
      file_ = std::move(*file);
    }
    const auto watch = app::LabWatch::open(keeper::Registry::standard(), wanted_);
    if (!watch) return output.fail(watch.error());
    auto description = (*watch)->client().describe();
    if (!description) return output.fail(description.error());
    app::Spread spread(*prefix, (*watch)->nodes(), std::move(*description));
    for (std::uint32_t who = 0; who < spread.nodes().size(); ++who) spread.begin(who, (*watch)->routes(who));
    const int status = watch_ ? follow(output, **watch, spread) : status::success;
    if (!output.good()) return status;
    return report(output, spread, (*watch)->lab()) ? status : status::failed;
  }

 private:
  static Result<> take_time(std::string_view word, std::string_view instead,
                            std::optional<std::chrono::nanoseconds>& time) {
    const auto parsed = parse_duration(word);
    if (!parsed || parsed->count() <= 0)
      return mistaken(fmt::format("'{}' is not a time", word), fmt::format("write for instance {}", instead));
    time = *parsed;
    return {};
  }

  int follow(Output& output, app::LabWatch& watch, app::Spread& spread) {
    print_begin(output, watch);
    const std::size_t columns = widest(watch.nodes());
    while (output.good()) {
      const auto due = stable_at(watch, spread);
      const auto end = timeout_ ? std::optional(watch.began() + *timeout_) : std::nullopt;
      const auto wake = watch.next(earlier(due, end));
      if (!wake) return output.fail(wake.error());
      for (const auto& event : wake->events)
        if (const auto step =
                spread.take(event.who, app::seconds_between(watch.began(), event.when), event.change))
          print_step(output, spread, *step, columns);
      print_lost(output, watch, *wake);
      if (wake->signal != 0) return 128 + wake->signal;
      if (wake->ended) return print_ended(output, watch), stable_ ? status::failed : status::success;
      const auto now = app::Clock::now();
      if (const auto still = stable_at(watch, spread); still && now >= *still) return status::success;
      if (end && now >= *end) return stable_ ? status::failed : status::success;
    }
    return status::failed;
  }

  /// When the prefix will not have moved for long enough; nothing before any node has got or lost it: a
  /// daemon of the origin may add a route of its own long before.
  [[nodiscard]] std::optional<app::Clock::time_point> stable_at(const app::LabWatch& watch,
                                                                const app::Spread& spread) const {
    if (!stable_ || spread.moves().empty()) return std::nullopt;
    const std::chrono::duration<double> last(*spread.last_step());
    return watch.began() + std::chrono::duration_cast<std::chrono::nanoseconds>(last) + *stable_;
  }

  [[nodiscard]] bool report(Output& output, const app::Spread& spread, const std::string& lab) {
    view::Record record;
    if (output.json && watch_) record.fact("event", view::Value("table"));
    put_spread(record, spread, lab, watch_);
    if (output.json && watch_)
      output.raw(view::json_line(view::value_of(record)));
    else
      output.print(record);
    if (!file_) return true;
    const auto written = file_.write(view::svg(picture_of(spread, lab)));
    if (!written) output.fail(written.error());
    return written.has_value();
  }

  app::Watching wanted_;
  std::string prefix_;
  std::string svg_;
  std::optional<std::chrono::nanoseconds> stable_;
  std::optional<std::chrono::nanoseconds> timeout_;
  app::OutFile file_;
  bool watch_ = false;
};

constexpr Example spread_examples[] = {
    {"hopyard spread 10.9.0.0/24", "tells which nodes have a route to it now, by distance from its origin"},
    {"hopyard spread 10.9.0.0/24 --watch --svg spread.svg",
     "tells when each node gets it, until Ctrl-C, and draws that"},
    {"hopyard spread default --watch --routes-stable 3s --timeout 1m",
     "ends by itself when it has spread and does not move any more"},
};

}  // namespace

const Verb spread_verb{
    "spread",
    Group::Inside,
    "tell how a route spreads through the nodes",
    "Tells which nodes have a route to a prefix, by their distance from its origin: the node "
    "that has it as an address, or else announces it. With --watch it tells when each node gets "
    "it or loses it, as it happens, and afterwards as a table and, with --svg, as a picture.",
    spread_examples,
    make<Spread>};

}  // namespace hopyard::cli
