#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "keeper/keeper.hh"
#include "observe/processes.hh"
#include "sys/file.hh"
#include "sys/process.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {

void Keeper::warm(std::uint32_t ns, bool run_commands, Done done) {
  if (!held_.desired.namespaces[ns].adopted.empty()) return done({});  // somebody else's machine
  const auto found = machines_.find(ns);
  if (found != machines_.end() && found->second.dying) {
    found->second.when_ended.emplace_back([this, ns, run_commands, done = std::move(done)] {
      if (outages_.failed({Target::Kind::Node, ns})) return done(std::unexpected(is_failed(ns)));
      warm(ns, run_commands, done);
    });
    return;
  }
  if (found != machines_.end() && found->second.made) return done({});
  if (found == machines_.end()) {
    if (const Result<> begun = begin(ns, run_commands); !begun) return done(begun);
  }
  machines_.at(ns).when_made.push_back(std::move(done));
}

Result<> Keeper::begin(std::uint32_t ns, bool run_commands) {
  const net::Namespace& node = held_.desired.namespaces[ns];
  HOPYARD_TRY(cut_host(held_.host));
  const MachinePlan plan{node,
                         ns,
                         held_.namespaces[ns]->descriptor(),
                         held_.host,
                         held_.cgroups.entrances(ns),
                         held_.desired.lab,
                         held_.desired.merges_memory,
                         run_commands};
  HOPYARD_TAKE(machine, Machine::begin(plan));
  Running& running = machines_[ns];
  running.machine = std::move(machine);
  running.at_work = run_commands && !node.machine.run.empty();
  if (run_commands) {
    for (const net::Service& service : node.machine.services) {
      ServiceDescription& told = running.services.emplace_back();
      told.node = node.name;
      told.name = service.name;
      told.since = std::chrono::steady_clock::now();
    }
  }
  const Result<> watched = watch(ns);
  if (!watched) {
    static_cast<void>(sys::pidfd_send_signal(running.machine.pidfd.get(), SIGKILL));
    machines_.erase(ns);
  }
  return watched;
}

Result<> Keeper::watch(std::uint32_t ns) {
  Running& running = machines_.at(ns);
  HOPYARD_TAKE(report,
               loop_.watch(running.machine.report.get(), Loop::For::Reading, [this, ns] { on_report(ns); }));
  HOPYARD_TAKE(end, loop_.watch(running.machine.pidfd.get(), Loop::For::Reading, [this, ns] { on_end(ns); }));
  running.report_watch = std::move(report);
  running.end_watch = std::move(end);
  return {};
}

void Keeper::on_report(std::uint32_t ns) {
  Running& running = machines_.at(ns);
  std::array<char, 4096> room;
  std::vector<sys::Fd> unwanted;
  const auto count = sys::receive(running.machine.report.get(), room, unwanted);
  if (!count && count.error().code == ENOMEM) return;  // it can still be read
  if (!count || *count == 0) {  // all is said, or the init has ended, which end_watch tells
    running.report_watch = {};
    running.machine.report.reset();
    return;
  }
  running.reports.add(std::span(room).first(*count));
  for (;;) {
    const auto body = running.reports.next();
    if (!body || !*body) return;
    if (const auto message = parse_object(**body)) on_message(ns, *message);
  }
}

void Keeper::on_message(std::uint32_t ns, const Json& message) {
  if (message.contains("ok")) {
    if (truth(message, "ok")) return made(ns, {});
    return made(ns, std::unexpected(error_from(part(message, "error"))));
  }
  if (message.contains("service")) {
    on_service(ns, part(message, "service"));
    if (!is_ready_) tell_waiting_soon();
    return;
  }
  if (message.contains("done")) return on_order_done(machines_.at(ns), message);
  if (message.contains("worked")) return on_worked(ns);
  if (message.contains("ready")) machines_.at(ns).starting = false;
  if (message.contains("ran")) on_ran(ns, message);
}

void Keeper::on_worked(std::uint32_t ns) {
  machines_.at(ns).at_work = false;
  if (is_ready_ && held_.desired.namespaces[ns].machine.run.empty()) return;
  // What its services changed when the lab came up they change again.
  const auto before = is_ready_ ? accepted_[ns] : std::vector<DriftDescription>();
  accept_drift(ns);
  std::vector<DriftDescription>& all = accepted_[ns];
  for (const DriftDescription& one : before)
    if (std::ranges::find(all, one) == all.end()) all.push_back(one);
}

void Keeper::on_ran(std::uint32_t ns, const Json& message) {
  const net::Namespace& node = held_.desired.namespaces[ns];
  if (!is_ready_ || machines_.at(ns).at_work || unaccepted_.contains(ns)) on_worked(ns);
  machines_.at(ns).awaited = false;
  if (is_ready_) return;
  for (const std::string& failed : texts(message, "failed"))
    warnings_.push_back(fmt::format("{}: {}", node.name, failed));
  if (all_started()) return become_ready();
  tell_waiting_soon();
}

void Keeper::made(std::uint32_t ns, const Result<>& outcome) {
  Running& running = machines_.at(ns);
  running.made = outcome.has_value();
  struct stat status {};
  if (::stat(fmt::format("/proc/{}/ns/pid", running.machine.pid).c_str(), &status) == 0) {
    running.pid_namespace = status.st_ino;
  }
  for (const auto& done : std::exchange(running.when_made, {})) done(outcome);
}

void Keeper::on_end(std::uint32_t ns) {
  const std::string& name = held_.desired.namespaces[ns].name;
  // What it said last is read first: it may be why it ended.
  while (machines_.at(ns).machine.report) on_report(ns);
  auto ended = machines_.extract(ns);
  Running& running = ended.mapped();
  for (const auto& done : running.when_made) {
    done(refusal("make a machine of node " + name, "its init has ended"));
  }
  for (const auto& done : running.when_ended) done();
  for (const auto& [order, done] : running.ordered) done(refusal("speak with node " + name, "it has ended"));
  if (running.awaited && !is_ready_) {
    give_up(refusal("start node " + name, "its init has ended before the node was ready").error());
  }
}

void Keeper::signal_processes(std::uint32_t ns, int signal) {
  const auto found = machines_.find(ns);
  if (found == machines_.end() || !found->second.made) return;
  const auto proc = sys::open_folder(sys::here(), "/proc");
  if (!proc) return;
  // One that was stopped can start no other, so that in the end a look finds nobody new. What goes on may
  // start others without end, and those need nothing.
  const bool until_all_are_reached = signal == SIGSTOP;
  std::set<pid_t> reached;
  for (bool again = true; again;) {
    again = false;
    const auto processes = observe::list_processes(proc->get());
    if (!processes) return;
    for (const observe::Process& process : *processes) {
      if (process.pid_namespace != found->second.pid_namespace || process.pid == found->second.machine.pid)
        continue;
      if (!reached.insert(process.pid).second) continue;
      ::kill(process.pid, signal);
      again = until_all_are_reached;
    }
  }
}

}  // namespace hopyard::keeper
