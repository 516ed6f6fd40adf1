#pragma once

#include <string>
#include <vector>

#include "app/lab_watch.hh"
#include "cli/output.hh"
#include "view/writer.hh"

/// What the verbs that look at routes have in common.
namespace hopyard::cli {

/// The columns "route", "protocol" and, for programs, the parts of a route.
[[nodiscard]] std::vector<view::Column> route_columns();
[[nodiscard]] std::vector<view::Cell> route_cells(const net::SeenRoute& seen);
/// The same as members of a JSON object.
[[nodiscard]] view::Value::Object route_object(const net::SeenRoute& seen);

/// "+      0.412 s  r3  10.0.0.0/24 via 10.0.1.1 dev eth0  (bgp)", or a line of JSON.
void print_event(Output& output, const app::LabWatch& watch, const observe::RouteEvent& event,
                 std::size_t widest_node);

/// Says on standard error, or in a line of JSON, that watching has begun: what comes now is told.
void print_begin(Output& output, const app::LabWatch& watch);
/// Says of which nodes notifications were lost.
void print_lost(Output& output, const app::LabWatch& watch, const app::LabWatch::Wake& wake);
/// Says that the lab has ended.
void print_ended(Output& output, const app::LabWatch& watch);

/// Columns of the longest name.
[[nodiscard]] std::size_t widest(const std::vector<std::string>& names);

}  // namespace hopyard::cli
