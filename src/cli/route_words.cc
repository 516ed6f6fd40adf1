#include "cli/route_words.hh"

#include <fmt/format.h>

#include <algorithm>

#include "app/show.hh"
#include "view/width.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

using view::Value;

double seconds_now(const app::LabWatch& watch) {
  return app::seconds_between(watch.began(), app::Clock::now());
}

}  // namespace

std::vector<view::Column> route_columns() {
  return {{"route", "ROUTE"}, {"protocol", "FROM"}, {"to", ""},    {"type", ""},
          {"next_hops", ""},  {"metric", ""},       {"table", ""}, {"source", ""}};
}

std::vector<view::Cell> route_cells(const net::SeenRoute& seen) {
  std::vector<view::Cell> cells{view::route_text(seen.route), app::protocol_name(seen.protocol)};
  for (auto& [key, value] : view::route_members(seen.route)) cells.emplace_back("", std::move(value));
  return cells;
}

view::Value::Object route_object(const net::SeenRoute& seen) {
  Value::Object object{{"route", Value(view::route_text(seen.route))},
                       {"protocol", Value(app::protocol_name(seen.protocol))}};
  for (auto& member : view::route_members(seen.route)) object.push_back(std::move(member));
  return object;
}

void print_event(Output& output, const app::LabWatch& watch, const observe::RouteEvent& event,
                 std::size_t widest_node) {
  const auto& [added, replaced, seen] = event.change;
  const std::string& node = watch.nodes()[event.who];
  const double seconds = app::seconds_between(watch.began(), event.when);
  if (output.json) {
    Value::Object line{{"event", Value(added ? "added" : "removed")},
                       {"seconds", Value(seconds)},
                       {"node", Value(node)},
                       {"replaced", Value(replaced)}};
    for (auto& member : route_object(seen)) line.push_back(std::move(member));
    return output.raw(view::json_line(Value(std::move(line))));
  }
  const std::string sign =
      view::painted(added ? "+" : "-", added ? view::Tone::Good : view::Tone::Bad, output.colour_out());
  output.raw(fmt::format("{} {:>10.3f} s  {}{}  {}  ({})\n", sign, seconds, view::printable(node),
                         std::string(widest_node - std::min(widest_node, view::display_width(node)), ' '),
                         view::printable(view::route_text(seen.route)), app::protocol_name(seen.protocol)));
}

void print_begin(Output& output, const app::LabWatch& watch) {
  if (output.json)
    return output.raw(
        view::json_line(Value(Value::Object{{"event", Value("watching")},
                                            {"lab", Value(watch.lab())},
                                            {"nodes", Value(std::uint64_t{watch.nodes().size()})}})));
  output.aside(fmt::format("watching {} of lab {}; Ctrl-C ends it\n",
                           view::counted(watch.nodes().size(), "node"), watch.lab()));
}

void print_lost(Output& output, const app::LabWatch& watch, const app::LabWatch::Wake& wake) {
  for (const std::uint32_t who : wake.lost) {
    const std::string& node = watch.nodes()[who];
    if (output.json)
      output.raw(view::json_line(Value(Value::Object{
          {"event", Value("lost")}, {"seconds", Value(seconds_now(watch))}, {"node", Value(node)}})));
    else
      output.aside(fmt::format("more changed in {} than could be told; its routes were read anew\n",
                               view::printable(node)));
  }
}

void print_ended(Output& output, const app::LabWatch& watch) {
  if (output.json)
    output.raw(view::json_line(
        Value(Value::Object{{"event", Value("ended")}, {"seconds", Value(seconds_now(watch))}})));
  else
    output.aside(fmt::format("lab {} has ended\n", watch.lab()));
}

std::size_t widest(const std::vector<std::string>& names) {
  std::size_t columns = 0;
  for (const std::string& name : names) columns = std::max(columns, view::display_width(name));
  return columns;
}

}  // namespace hopyard::cli
