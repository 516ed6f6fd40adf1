#include "keeper/unit_commands.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "keeper/service_log.hh"

namespace hopyard::keeper {
namespace {

using Order = Supervisor::Order;

constexpr int not_done = 1;
constexpr int not_running = 3;   // LSB: program is not running
constexpr int unknown_unit = 4;  // LSB: program or service status is unknown
constexpr int not_there = 5;     // LSB: program is not installed
constexpr std::size_t lines_of_status = 10;
constexpr std::size_t lines_of_failure = 5;

constexpr std::array<std::string_view, 18> verbs{
    "start",         "stop",          "restart",     "try-restart", "condrestart",
    "reload",        "force-reload",  "status",      "enable",      "disable",
    "is-active",     "is-enabled",    "is-failed",   "list-units",  "reload-or-restart",
    "daemon-reload", "daemon-reexec", "reset-failed"};
// Options that change nothing here.
constexpr std::array<std::string_view, 14> without_meaning{"--no-pager",
                                                           "-l",
                                                           "--full",
                                                           "-a",
                                                           "--all",
                                                           "--plain",
                                                           "--no-legend",
                                                           "--system",
                                                           "--force",
                                                           "-f",
                                                           "--no-ask-password",
                                                           "--legend=false",
                                                           "--no-wall",
                                                           "--no-reload"};
constexpr std::array<std::string_view, 5> with_value{"-n", "-t", "-o", "-p", "-s"};
constexpr std::array<std::string_view, 6> long_with_value{
    "--lines=", "--type=", "--output=", "--property=", "--signal=", "--state="};

template <class Set>
bool contains(const Set& set, std::string_view word) {
  return std::ranges::find(set, word) != set.end();
}

std::string moment(Supervisor::Clock::time_point time) {
  using Wall = std::chrono::system_clock;
  const auto age = Supervisor::Clock::now() - time;
  const auto ago = std::chrono::duration_cast<std::chrono::seconds>(age);
  const std::time_t seconds = Wall::to_time_t(Wall::now() - std::chrono::duration_cast<Wall::duration>(age));
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 64> room{};
  const std::size_t size = std::strftime(room.data(), room.size(), "%a %Y-%m-%d %H:%M:%S UTC", &parts);
  return fmt::format("{}; {}s ago", std::string_view(room.data(), size), std::max<long>(ago.count(), 0));
}

std::string_view sub_state(UnitState state, bool has_process) {
  switch (state) {
    case UnitState::Active:
      return has_process ? "running" : "exited";
    case UnitState::Activating:
      return "start";
    case UnitState::Deactivating:
      return "stop";
    case UnitState::Inactive:
      return "dead";
    case UnitState::Failed:
      return "failed";
  }
  return "";
}

bool is_conditional(std::string_view verb) {
  return verb == "try-restart" || verb == "condrestart";
}

}  // namespace

struct UnitCommands::Request {
  std::string verb;
  std::vector<std::string> names;
  bool quiet = false;
  bool now = false;  ///< enable and disable also start and stop
  bool wait = true;  ///< until the order has come about
};

UnitAnswer UnitCommands::answer(std::vector<std::string> words) {
  if (words.empty()) return {"", "no program is named\n", not_done, {}};
  const std::string program = std::exchange(words.front(), {});
  words.erase(words.begin());
  return program == "service" ? service(words) : systemctl(std::move(words));
}

UnitAnswer UnitCommands::systemctl(std::vector<std::string> words) {
  Request request;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool valued =
        std::ranges::any_of(long_with_value, [&](std::string_view name) { return word.starts_with(name); });
    if (word == "--now")
      request.now = true;
    else if (word == "-q" || word == "--quiet")
      request.quiet = true;
    else if (word == "--no-block")
      request.wait = false;
    else if (contains(with_value, word) || word == "--type" || word == "--lines" || word == "--state")
      ++i;
    else if (word.starts_with('-') && !valued && !contains(without_meaning, word))
      return {"", fmt::format("systemctl: unrecognized option '{}'\n", word), not_done, {}};
    else if (!word.starts_with('-') && request.verb.empty())
      request.verb = word;
    else if (!word.starts_with('-'))
      request.names.push_back(word);
  }
  if (request.verb.empty()) request.verb = "list-units";
  if (!contains(verbs, request.verb))
    return {"",
            fmt::format("systemctl: Unknown command verb {}. In a node there are: {}\n", request.verb,
                        fmt::join(verbs, ", ")),
            not_done,
            {}};
  return carry_out(request);
}

UnitAnswer UnitCommands::service(const std::vector<std::string>& words) {
  constexpr std::string_view usage =
      "Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n";
  if (words.size() == 1 && words.front() == "--status-all") {
    UnitAnswer answer;
    for (const Unit& unit : units_.all())
      answer.out +=
          fmt::format(" [ {} ]  {}\n", units_.state(unit) == UnitState::Active ? '+' : '-', unit.name);
    return answer;
  }
  if (words.size() < 2 || words.front().starts_with('-')) return {"", std::string(usage), not_done, {}};
  Request request;
  request.names = {words[0]};
  request.verb = words[1] == "--full-restart" ? "restart" : words[1];
  static constexpr std::array<std::string_view, 8> known{
      "start", "stop", "restart", "reload", "force-reload", "status", "try-restart", "condrestart"};
  if (!contains(known, request.verb))
    return {"", fmt::format("Usage: {} {{{}}}\n", words[0], fmt::join(known, "|")), 2, {}};  // LSB: argument
  if (!units_.find(words[0]).known && units_.find(words[0]).daemon == nullptr)
    return {"",
            fmt::format("{}: unrecognized service\n", words[0]),
            request.verb == "status" ? unknown_unit : not_there,
            {}};
  return carry_out(request);
}

UnitAnswer UnitCommands::carry_out(const Request& request) {
  const std::string& verb = request.verb;
  UnitAnswer answer;
  if (verb == "daemon-reload" || verb == "daemon-reexec" || verb == "reset-failed") return answer;
  if (verb == "list-units" || (verb == "status" && request.names.empty())) {
    list(answer);
    return answer;
  }
  if (request.names.empty()) return {"", "Too few arguments.\n", not_done, {}};
  if (verb.starts_with("is-")) {
    is(request, answer);
    return answer;
  }
  for (const std::string& name : request.names) {
    const Unit unit = units_.find(name);
    const bool running =
        units_.state(unit) == UnitState::Active || units_.state(unit) == UnitState::Activating;
    if (verb == "start")
      start(unit, Order::Start, answer);
    else if (verb == "restart" || (is_conditional(verb) && (running || !unit.known)))
      start(unit, Order::Restart, answer);
    else if (verb == "stop")
      stop(unit, answer);
    else if (verb == "status")
      status(unit, answer);
    else if (verb == "enable" || verb == "disable")
      enable(unit, request, answer);
    else if (verb == "reload")
      reload(unit, false, answer);
    else if (verb == "force-reload" || verb == "reload-or-restart")
      reload(unit, true, answer);
  }
  answer.wait = request.wait;
  return answer;
}

void UnitCommands::give(const Unit& unit, Order order, UnitAnswer& answer) {
  Result<std::vector<std::string>> names = unit.services;
  if (order != Order::Stop) names = units_.prepare(unit);
  if (!names) {
    answer.status = names.error().code == 0 ? not_there : not_done;
    answer.err += fmt::format("Failed to start {}.service: {}\n", unit.name, names.error().text());
    return;
  }
  // What the group no longer wants ends where it is started anew.
  if (order == Order::Restart) {
    std::vector<std::string> gone = unit.services;
    std::erase_if(gone, [&](const std::string& one) { return contains(*names, one); });
    if (!gone.empty()) static_cast<void>(supervisor_.give(Order::Stop, gone));
  }
  if (names->empty()) return;  // to the supervisor it would mean all
  if (const auto given = supervisor_.give(order, *names); !given) return;
  answer.jobs.push_back({unit.name, order, *names});
}

void UnitCommands::start(const Unit& unit, Order order, UnitAnswer& answer) {
  if (!unit.known && unit.daemon == nullptr && unit.name != frr_unit) {
    const std::string_view verb = order == Order::Start ? "start" : "restart";
    answer.err += fmt::format("Failed to {0} {1}.service: Unit {1}.service not found.\n", verb, unit.name);
    answer.status = not_there;
    return;
  }
  if (unit.name == networking_unit)
    answer.err += "networking.service: the node's interfaces are the lab's, and stay as they are\n";
  give(unit, order, answer);
}

void UnitCommands::stop(const Unit& unit, UnitAnswer& answer) {
  if (unit.name == networking_unit) {
    answer.err += "networking.service: the node's interfaces are the lab's, and stay as they are\n";
    return;
  }
  if (!unit.known) {
    answer.err += fmt::format("Failed to stop {0}.service: Unit {0}.service not loaded.\n", unit.name);
    answer.status = not_there;
    return;
  }
  give(unit, Order::Stop, answer);
}

void UnitCommands::reload(const Unit& unit, bool or_restart, UnitAnswer& answer) {
  if (!unit.known || unit.name == networking_unit) return start(unit, Order::Restart, answer);
  if (units_.state(unit) == UnitState::Inactive || units_.state(unit) == UnitState::Failed) {
    if (or_restart) return start(unit, Order::Restart, answer);
    answer.err += fmt::format("{}.service is not active, cannot reload.\n", unit.name);
    answer.status = not_done;
    return;
  }
  if (const auto [pid, signal] = units_.reload_signal(unit); pid != 0) {
    ::kill(pid, signal);
    return;
  }
  if (or_restart || unit.name == frr_unit) return start(unit, Order::Restart, answer);
  answer.err += fmt::format(
      "Failed to reload {0}.service: Job type reload is not applicable for unit {0}.service.\n", unit.name);
  answer.status = not_done;
}

bool UnitCommands::starts_with_the_node(const Unit& unit) const {
  return unit.name == networking_unit || std::ranges::any_of(unit.services, [this](const std::string& name) {
           return units_.is_of_the_lab(name);
         });
}

void UnitCommands::enable(const Unit& unit, const Request& request, UnitAnswer& answer) {
  const bool on = request.verb == "enable";
  if (!unit.known && unit.daemon == nullptr && unit.name != frr_unit) {
    answer.err +=
        fmt::format("Failed to {} unit: Unit file {}.service does not exist.\n", request.verb, unit.name);
    answer.status = not_done;
    return;
  }
  if (starts_with_the_node(unit) != on && !request.quiet)
    answer.err +=
        fmt::format("{}.service: not kept; what a node starts with is in the lab file\n", unit.name);
  if (!request.now) return;
  if (on) return start(unit, Order::Start, answer);
  stop(unit, answer);
}

void UnitCommands::is(const Request& request, UnitAnswer& answer) const {
  bool any = false;
  int otherwise = unknown_unit;
  for (const std::string& name : request.names) {
    const Unit unit = units_.find(name);
    const UnitState state = units_.state(unit);
    std::string_view word = state_name(state);
    if (request.verb == "is-enabled") {
      word = starts_with_the_node(unit) ? "enabled" : "disabled";
      any |= starts_with_the_node(unit);
      otherwise = not_done;
      if (!unit.known) {
        answer.err += fmt::format("Failed to get unit file state for {}.service: No such file or directory\n",
                                  unit.name);
        continue;
      }
    } else {
      const bool failed = request.verb == "is-failed";
      any |= state == (failed ? UnitState::Failed : UnitState::Active);
      if (failed)
        otherwise = not_done;
      else if (unit.known)
        otherwise = not_running;
    }
    if (!request.quiet) answer.out += fmt::format("{}\n", word);
  }
  answer.status = any ? 0 : otherwise;
}

void UnitCommands::status(const Unit& unit, UnitAnswer& answer) const {
  if (!unit.known) {
    answer.err += fmt::format("Unit {}.service could not be found.\n", unit.name);
    answer.status = unknown_unit;
    return;
  }
  const UnitState state = units_.state(unit);
  std::string since;
  std::string processes;
  std::string log;
  for (const std::string& name : unit.services) {
    const ServiceDescription* now = units_.service(name);
    if (now == nullptr) continue;
    if (since.empty()) since = " since " + moment(now->since);
    if (now->pid != 0) {
      const std::string_view title = unit.services.size() == 1 ? "Main PID" : "     PID";
      processes += fmt::format("   {}: {} ({})\n", title, now->pid, name);
    } else if (now->last_exit) {
      processes += fmt::format("     Ended: {}, with status {}\n", name, *now->last_exit);
    }
    supervisor_.logs().of(name).take();
    for (const std::string& line : last_lines(name, lines_of_status))
      log += unit.services.size() == 1 ? line + '\n' : fmt::format("{}: {}\n", name, line);
  }
  const bool failed = state == UnitState::Failed;
  if (!answer.out.empty()) answer.out += '\n';
  answer.out += fmt::format("{} {}.service - {}\n",
                            failed                       ? "×"
                            : state == UnitState::Active ? "●"
                                                         : "○",
                            unit.name, unit.about);
  answer.out += fmt::format("     Loaded: loaded (a service of this node; {})\n",
                            starts_with_the_node(unit) ? "enabled" : "disabled");
  answer.out +=
      fmt::format("     Active: {} ({}){}\n", state_name(state), sub_state(state, !processes.empty()), since);
  answer.out += processes;
  if (!log.empty()) answer.out += '\n' + log;
  if (state != UnitState::Active) answer.status = std::max(answer.status, not_running);
}

void UnitCommands::list(UnitAnswer& answer) const {
  const std::vector<Unit> all = units_.all();
  std::size_t widest = std::string_view("UNIT").size();
  for (const Unit& unit : all)
    widest = std::max(widest, unit.name.size() + std::string_view(".service").size());
  answer.out += fmt::format("  {:<{}} LOAD   ACTIVE       SUB     DESCRIPTION\n", "UNIT", widest);
  for (const Unit& unit : all) {
    const UnitState state = units_.state(unit);
    const bool has_process = unit.name != networking_unit;
    answer.out += fmt::format("  {:<{}} loaded {:<12} {:<7} {}\n", unit.name + ".service", widest,
                              state_name(state), sub_state(state, has_process), unit.about);
  }
  answer.out += fmt::format("\n{} loaded units listed.\n", all.size());
}

void UnitCommands::failed(const UnitJob& job, const Error& error, UnitAnswer& answer) {
  answer.status = not_done;
  answer.err += fmt::format("Job for {}.service failed: {}\n", job.unit, error.text());
  for (const std::string& name : job.services) {
    if (!units_.has_failed(name)) continue;
    for (const std::string& line : last_lines(name, lines_of_failure))
      answer.err += fmt::format("  {}: {}\n", name, line);
  }
  give_up(job.services);
}

void UnitCommands::give_up(const std::vector<std::string>& services) {
  for (const std::string& name : services)
    if (units_.has_failed(name) && !units_.is_of_the_lab(name))
      static_cast<void>(supervisor_.give(Order::Stop, std::vector{name}));
}

}  // namespace hopyard::keeper
