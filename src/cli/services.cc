#include "cli/services.hh"

#include <chrono>

namespace hopyard::cli {
namespace {

view::Tone tone_of(keeper::ServiceState state) {
  switch (state) {
    case keeper::ServiceState::Running:
      return view::Tone::Good;
    case keeper::ServiceState::Pausing:
      return view::Tone::Bad;
    default:
      return view::Tone::Plain;
  }
}

view::Cell exit_cell(const keeper::ServiceDescription& service) {
  if (!service.last_exit) return {"-", view::Value()};
  return {std::to_string(*service.last_exit), view::Value(*service.last_exit)};
}

}  // namespace

view::Table& put_services(view::Record& record, const std::vector<keeper::ServiceDescription>& services,
                          std::string title) {
  view::Table& table = record.table("services", std::move(title),
                                    {{"service", "SERVICE"},
                                     {"state", "STATE"},
                                     {"for_seconds", "FOR"},
                                     {"pid", "PID", true},
                                     {"restarts", "RESTARTS", true},
                                     {"last_exit", "LAST EXIT", true}});
  const auto now = std::chrono::steady_clock::now();
  for (const keeper::ServiceDescription& one : services) {
    const double since = std::chrono::duration<double>(now - one.since).count();
    table.row({{one.name, view::Tone::Strong},
               {std::string(keeper::state_name(one.state)), tone_of(one.state)},
               view::seconds_cell(since > 0 ? since : 0),
               one.pid == 0 ? view::Cell("-", view::Value()) : view::Cell(std::uint64_t(one.pid)),
               one.restarts,
               exit_cell(one)});
  }
  return table;
}

}  // namespace hopyard::cli
