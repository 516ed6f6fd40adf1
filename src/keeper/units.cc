#include "keeper/units.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "keeper/environment.hh"
#include "keeper/frr_daemons.hh"
#include "keeper/machine_files.hh"
#include "sys/file.hh"
#include "sys/program_path.hh"

namespace hopyard::keeper {
namespace {

constexpr const char* frr_file = "/etc/frr/daemons";

bool is_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

Error not_installed(std::string_view name, std::string_view package) {
  return {fmt::format("{} is not installed here", name), "", 0, "",
          fmt::format("apt-get install {}", package)};
}

Result<> make_folders(std::vector<net::Folder> folders) {
  net::Machine given;
  given.folders = std::move(folders);
  return write_given(given);
}

}  // namespace

std::string_view state_name(UnitState state) {
  static constexpr std::array<std::string_view, 5> names{"active", "activating", "deactivating", "inactive",
                                                         "failed"};
  return names[static_cast<std::size_t>(state)];
}

std::vector<std::string> Units::that_run(const KnownDaemon& daemon) const {
  std::vector<std::string> found;
  for (std::string& name : supervisor_.names()) {
    const net::Service* service = supervisor_.given(name);
    if (base_name(service->command.front()) == daemon.program) found.push_back(std::move(name));
  }
  return found;
}

Unit Units::find(std::string_view name) const {
  constexpr std::string_view suffix = ".service";
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  const KnownDaemon* daemon = find_known_daemon(name);
  Unit unit;
  unit.name = name;
  if (const net::Service* service = supervisor_.given(name)) {
    unit.known = true;
    unit.about = fmt::format("{}", fmt::join(service->command, " "));
    unit.services = {unit.name};
  } else if (name == frr_unit) {
    for (std::string& one : supervisor_.names())
      if (is_frr_daemon(one)) unit.services.push_back(std::move(one));
    unit.known = !unit.services.empty() || is_installed("/usr/lib/frr/zebra");
  } else if (name == networking_unit) {
    unit.known = true;
  } else if (daemon != nullptr) {
    unit.name = daemon->name;
    unit.daemon = daemon;
    unit.services =
        supervisor_.given(daemon->name) != nullptr ? std::vector<std::string>{unit.name} : that_run(*daemon);
    unit.known = !unit.services.empty() || is_installed(std::string(daemon->program));
  }
  if (daemon != nullptr) unit.about = daemon->about;
  if (name == frr_unit) unit.about = "FRRouting";
  if (name == networking_unit) unit.about = "The interfaces, which are the lab's";
  // A text with line breaks is a shell's; its first line will do.
  unit.about.resize(std::min(unit.about.find('\n'), unit.about.size()));
  return unit;
}

UnitState Units::state(const Unit& unit) const {
  if (unit.name == networking_unit) return UnitState::Active;
  bool running = false;
  bool starting = false;
  bool stopping = false;
  bool failed = false;
  for (const std::string& name : unit.services) {
    const ServiceDescription* now = supervisor_.find(name);
    if (now == nullptr) continue;
    const bool ended_badly = now->state == ServiceState::Ended && now->last_exit.value_or(0) != 0;
    running |= now->state == ServiceState::Running;
    stopping |= now->state == ServiceState::Stopping;
    starting |= now->state == ServiceState::Waiting || now->state == ServiceState::Starting ||
                now->state == ServiceState::Pausing;
    failed |= ended_badly || (now->state == ServiceState::Stopped && supervisor_.has_failed(name));
  }
  if (starting) return UnitState::Activating;
  if (stopping) return UnitState::Deactivating;
  if (running) return UnitState::Active;
  return failed ? UnitState::Failed : UnitState::Inactive;
}

bool Units::is_installed(const std::string& program) const {
  const std::string path = sys::find_program(program, path_of(environment_));
  return !path.empty() && is_file(path);
}

bool Units::is_of_the_lab(std::string_view service) const {
  return std::ranges::find(machine_.services, service, &net::Service::name) != machine_.services.end();
}

// Routers whose daemons the lab decides upon have the host's file before them, which is about the host.
std::vector<net::Service> Units::wanted_of_frr() const {
  const bool own = std::ranges::find(machine_.files, frr_file, &net::File::path) != machine_.files.end();
  const bool routes = std::ranges::any_of(
      machine_.services, [](const net::Service& service) { return is_frr_daemon(service.name); });
  if (routes && !own) return {};
  return frr_services(sys::read_file(sys::here(), frr_file).value_or(std::string()), &is_file);
}

Result<std::vector<std::string>> Units::prepare_frr(const Unit& unit) {
  std::vector<std::string> names;
  for (const std::string& name : unit.services)
    if (is_of_the_lab(name)) names.push_back(name);
  HOPYARD_TRY(make_folders({{"/run/frr", 0755, "frr", "frr"}}));
  for (net::Service& service : wanted_of_frr()) {
    if (is_of_the_lab(service.name)) continue;
    if (!is_file(service.command.front())) {
      if (service.name == "staticd") continue;  // there are builds without it
      return std::unexpected(not_installed(service.command.front(), service.package));
    }
    names.push_back(service.name);
    supervisor_.add(std::move(service));
  }
  return names;
}

Result<std::vector<std::string>> Units::prepare(const Unit& unit) {
  if (unit.name == networking_unit) return std::vector<std::string>{};
  if (unit.name == frr_unit && unit.known) return prepare_frr(unit);
  if (const KnownDaemon* daemon = find_known_daemon(unit.name); daemon != nullptr && unit.known) {
    const bool own = unit.services.empty() || !is_of_the_lab(unit.services.front());
    if (own) HOPYARD_TRY(make_folders(daemon->folders));
    if (unit.services.empty()) {
      supervisor_.add(service_of(*daemon));
      return std::vector{unit.name};
    }
    return unit.services;
  }
  if (unit.known) return unit.services;
  if (unit.daemon != nullptr)
    return std::unexpected(not_installed(unit.daemon->program, unit.daemon->package));
  if (unit.name == frr_unit) return std::unexpected(not_installed(frr_unit, frr_unit));
  return std::unexpected(Error{fmt::format("no service '{}'", unit.name), "", 0, "", ""});
}

std::pair<pid_t, int> Units::reload_signal(const Unit& unit) const {
  if (unit.services.size() != 1) return {0, 0};
  const ServiceDescription* now = supervisor_.find(unit.services.front());
  if (now == nullptr || now->pid == 0) return {0, 0};
  // By what runs, not by its name: a shell around the daemon would die of the signal.
  std::string name =
      sys::read_file(sys::here(), fmt::format("/proc/{}/comm", now->pid)).value_or(std::string());
  while (name.ends_with('\n')) name.pop_back();
  for (const KnownDaemon& daemon : known_daemons())
    if (daemon.program == name) return {now->pid, daemon.reload_signal};
  return {0, 0};
}

std::vector<Unit> Units::all() const {
  std::vector<std::string> names = supervisor_.names();
  if (std::ranges::any_of(names, [](const std::string& name) { return is_frr_daemon(name); }))
    names.emplace_back(frr_unit);
  names.emplace_back(networking_unit);
  std::ranges::sort(names);
  std::vector<Unit> units;
  units.reserve(names.size());
  for (const std::string& name : names) units.push_back(find(name));
  return units;
}

}  // namespace hopyard::keeper
