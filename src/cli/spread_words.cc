#include "cli/spread_words.hh"

#include <fmt/format.h>

#include <algorithm>

#include "app/show.hh"
#include "cli/route_words.hh"
#include "view/width.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

using view::Value;
using Kind = app::SpreadStep::Kind;

Value seconds_value(std::optional<double> seconds) {
  return seconds ? Value(*seconds) : Value();
}

std::string_view kind_name(Kind kind) {
  return kind == Kind::Got ? "got" : kind == Kind::Lost ? "gone" : "changed";
}

std::string hops_text(std::optional<unsigned> hops) {
  return hops ? view::counted(*hops, "hop") : "? hops";
}

view::Cell when_cell(const app::SpreadRow& row) {
  if (row.at_start) return {"at start", Value(), view::Tone::Dim};
  if (!row.seconds) return {"-", Value()};
  return {fmt::format("{:.3f} s", *row.seconds), Value(*row.seconds)};
}

view::Cell time_cell(std::optional<double> seconds) {
  if (!seconds) return {"-", Value()};
  return {fmt::format("{:.3f} s", *seconds), Value(*seconds)};
}

view::Cell route_cell(const app::SpreadRow& row) {
  if (!row.route) return {"-", Value()};
  return {
      fmt::format("{}  ({})", view::route_text(row.route->route), app::protocol_name(row.route->protocol)),
      Value(route_object(*row.route))};
}

/// "6 of 6 nodes have 10.9.0.0/24; it comes from r1; 0.408 s from the first that got it to the last"
std::string summary(const app::Spread& spread, std::size_t have, bool watched) {
  std::string words = fmt::format("{} of {} {} {}", have, view::counted(spread.nodes().size(), "node"),
                                  have == 1 ? "has" : "have", spread.prefix().text());
  const auto origins = spread.origins();
  if (!origins.empty() && origins.size() <= 3)
    words += fmt::format("; it comes from {}", view::list_cell(origins).text);
  if (origins.size() > 3) words += fmt::format("; it comes from {}", view::counted(origins.size(), "node"));
  if (const auto duration = spread.duration(); watched && duration)
    words += fmt::format("; {:.3f} s from the first that got it to the last", *duration);
  return words;
}

}  // namespace

void print_step(Output& output, const app::Spread& spread, const app::SpreadStep& step,
                std::size_t widest_node) {
  const std::string& node = spread.nodes()[step.who];
  if (output.json)
    return output.raw(view::json_line(Value(Value::Object{{"event", Value(kind_name(step.kind))},
                                                          {"seconds", Value(step.seconds)},
                                                          {"node", Value(node)},
                                                          {"hops", step.hops ? Value(*step.hops) : Value()},
                                                          {"route", Value(route_object(step.route))}})));
  const std::string_view sign = step.kind == Kind::Got ? "+" : step.kind == Kind::Lost ? "-" : "~";
  const view::Tone tone = step.kind == Kind::Got    ? view::Tone::Good
                          : step.kind == Kind::Lost ? view::Tone::Bad
                                                    : view::Tone::Warning;
  output.raw(fmt::format("{} {:>10.3f} s  {}{}  {:>8}  {}  ({})\n",
                         view::painted(sign, tone, output.colour_out()), step.seconds, view::printable(node),
                         std::string(widest_node - std::min(widest_node, view::display_width(node)), ' '),
                         hops_text(step.hops), view::printable(view::route_text(step.route.route)),
                         app::protocol_name(step.route.protocol)));
}

void put_spread(view::Record& record, const app::Spread& spread, const std::string& lab, bool watched) {
  const auto rows = spread.rows();
  const auto have = static_cast<std::size_t>(
      std::ranges::count_if(rows, [](const app::SpreadRow& row) { return row.route.has_value(); }));
  record.fact("lab", Value(lab));
  record.fact("prefix", Value(spread.prefix().text()));
  record.fact("origins", view::value_list(spread.origins()));
  record.fact("watched", Value(watched));
  record.fact("have", Value(std::uint64_t{have}));
  record.fact("spread_seconds", watched ? seconds_value(spread.duration()) : Value());
  std::vector<view::Column> columns{{"node", "NODE"}, {"hops", "HOPS", true}};
  const auto timed = [watched](std::string heading) { return watched ? std::move(heading) : std::string(); };
  columns.push_back({"seconds", timed("GOT IT"), true});
  // Not for people where nothing was lost.
  const bool lost =
      std::ranges::any_of(rows, [](const app::SpreadRow& row) { return row.lost_seconds.has_value(); });
  columns.push_back({"lost_seconds", lost ? "LOST IT" : "", true});
  columns.push_back({"again_seconds", lost ? "GOT IT AGAIN" : "", true});
  columns.push_back({"changes", timed("CHANGES"), true});
  columns.push_back({"at_start", ""});
  columns.push_back({"route", "ROUTE NOW", false, true});
  view::Table& table = record.table("nodes", "", std::move(columns));
  for (const app::SpreadRow& row : rows)
    table.row({row.node,
               row.hops ? view::Cell(std::uint64_t{*row.hops}) : view::Cell("?", Value()),
               when_cell(row),
               time_cell(row.lost_seconds),
               time_cell(row.again_seconds),
               row.changes,
               {"", Value(row.at_start)},
               route_cell(row)});
  record.sentence(summary(spread, have, watched));
}

view::SpreadPicture picture_of(const app::Spread& spread, const std::string& lab) {
  using Point = view::SpreadPicture::Point;
  view::SpreadPicture picture;
  const auto rows = spread.rows();
  const auto have = static_cast<std::size_t>(
      std::ranges::count_if(rows, [](const app::SpreadRow& row) { return row.route.has_value(); }));
  picture.title = fmt::format("{} in lab {}", spread.prefix().text(), lab);
  picture.subtitle = summary(spread, have, true);
  for (std::uint32_t who = 0; who < spread.nodes().size(); ++who)
    if (spread.at_start(who) && spread.hops()[who])
      picture.points.push_back({Point::Kind::AtStart, spread.nodes()[who], *spread.hops()[who], 0});
  for (const auto& [who, got, seconds] : spread.moves())
    if (spread.hops()[who])
      picture.points.push_back(
          {got ? Point::Kind::Got : Point::Kind::Lost, spread.nodes()[who], *spread.hops()[who], seconds});
  return picture;
}

}  // namespace hopyard::cli
