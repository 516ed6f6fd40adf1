#include "cli/moment.hh"

#include <fmt/format.h>

#include <chrono>

namespace hopyard::cli {

view::Cell uptime_cell(const keeper::Description& lab) {
  return view::seconds_cell(std::chrono::duration<double>(lab.uptime).count());
}

view::Cell started_cell(const keeper::Description& lab) {
  const auto day = std::chrono::floor<std::chrono::days>(lab.started);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(lab.started - day));
  return {fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      time.hours().count(), time.minutes().count(), time.seconds().count())};
}

}  // namespace hopyard::cli
