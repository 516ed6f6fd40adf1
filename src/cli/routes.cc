#include "app/routes.hh"

#include "cli/route_words.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Routes final : public Action {
 public:
  explicit Routes(Command& command) {
    command.positionals("NODE", wanted_.nodes, "only theirs; LAB/NODE names one of another lab",
                        Completes::Node);
    command.flag('w', "watch", watch_, "tell of every change until Ctrl-C");
    command.option(
        't', "table", "TABLE", [this](std::string_view word) { return take_table(word); },
        "all, or a table's number or name instead of main");
    command.option('l', "lab", "LAB", wanted_.lab, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
  }

  int run(Output& output) override { return watch_ ? follow(output) : list(output); }

 private:
  Result<> take_table(std::string_view word) {
    HOPYARD_TAKE(filter, app::parse_table(word));
    filter_ = filter;
    return {};
  }

  int list(Output& output) {
    const auto now = app::routes(keeper::Registry::standard(), wanted_, filter_);
    if (!now) return output.fail(now.error());
    view::Record record;
    record.fact("lab", view::Value(now->lab));
    std::vector<view::Column> columns = route_columns();
    columns.insert(columns.begin(), {"node", "NODE"});
    view::Table& table = record.table("routes", "", std::move(columns));
    table.when_empty("no routes");
    for (const app::NodeRoute& one : now->list) {
      std::vector<view::Cell> cells = route_cells(one.seen);
      cells.insert(cells.begin(), one.node);
      table.row(std::move(cells));
    }
    output.print(record);
    return status::success;
  }

  int follow(Output& output) {
    const auto watch = app::LabWatch::open(keeper::Registry::standard(), wanted_);
    if (!watch) return output.fail(watch.error());
    print_begin(output, **watch);
    const std::size_t columns = widest((*watch)->nodes());
    while (output.good()) {
      const auto wake = (*watch)->next();
      if (!wake) return output.fail(wake.error());
      for (const auto& event : wake->events)
        if (filter_.wants(event.change.route.route)) print_event(output, **watch, event, columns);
      print_lost(output, **watch, *wake);
      if (wake->signal != 0) return 128 + wake->signal;
      if (wake->ended) return print_ended(output, **watch), status::success;
    }
    return status::failed;
  }

  app::Watching wanted_;
  app::RouteFilter filter_;
  bool watch_ = false;
};

constexpr Example routes_examples[] = {
    {"hopyard routes", "lists the routes of all nodes of the lab"},
    {"hopyard routes r1 r2 --table all", "lists those of two nodes, of every table"},
    {"hopyard routes --watch", "tells of every route that comes or goes in any node"},
};

}  // namespace

const Verb routes_verb{
    "routes",
    Group::Inside,
    "list the routes of the nodes, or watch them change",
    "Lists the routes that the nodes' kernels have now, whoever put them there. With --watch it "
    "tells of each one that comes (+) or goes (-), with the seconds since it began, as the "
    "kernel tells of it; with --json, a JSON object a line.",
    routes_examples,
    make<Routes>};

}  // namespace hopyard::cli
