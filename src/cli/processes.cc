#include "cli/processes.hh"

#include <fmt/format.h>

#include "base/quantity.hh"

namespace hopyard::cli {
namespace {

std::string memory_text(std::uint64_t bytes) {
  constexpr std::uint64_t mebi = 1U << 20;
  return bytes >= 10 * mebi ? fmt::format("{} MiB", bytes / mebi) : fmt::format("{} KiB", bytes / 1024);
}

}  // namespace

view::Table& put_processes(view::Record& record, const std::vector<keeper::ProcessDescription>& processes,
                           std::string title) {
  view::Table& table = record.table("processes", std::move(title),
                                    {{"node", "NODE"},
                                     {"service", "SERVICE"},
                                     {"pid", "PID", true},
                                     {"host_pid", "HOST PID", true},
                                     {"state", "STATE"},
                                     {"memory_bytes", "MEMORY", true},
                                     {"cpu_seconds", "CPU", true},
                                     {"command", "COMMAND", false, true}});
  for (const auto& one : processes) {
    const double cpu = std::chrono::duration<double>(one.cpu).count();
    table.row({view::optional_cell(one.node),
               view::optional_cell(one.service),
               std::uint64_t(one.pid),
               std::uint64_t(one.host_pid),
               std::string(1, one.state),
               {memory_text(one.memory), view::Value(one.memory)},
               {view::seconds_text(cpu), view::Value(cpu)},
               one.command});
  }
  return table;
}

}  // namespace hopyard::cli
