#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "keeper/service_process.hh"
#include "keeper/supervisor.hh"
#include "sys/file.hh"

// How is found out whether a service is ready.
namespace hopyard::keeper {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_look{250};
constexpr milliseconds longest_probe{10000};  // of a command that tells
// For one that was added to be ready: its configuration may have its file elsewhere.
constexpr milliseconds longest_start{5000};

}  // namespace

void Supervisor::end_probe(Task& task) {
  if (task.probe > 0) ::kill(-task.probe, SIGKILL);
  task.probe = 0;
}

// A port may be another's: of a service that took it before.
bool Supervisor::port_is_its_own(Task& task) {
  const std::uint16_t port = task.service->ready.port;
  std::string other_name;
  for (const pid_t session : sessions_listening_at(port)) {
    const auto other = std::ranges::find_if(tasks_, [&](const Task& one) {
      return &one != &task && one.told.pid != 0 && one.told.pid == session;
    });
    if (other == tasks_.end()) return true;
    other_name = other->told.name;
  }
  if (!other_name.empty()) explain(task, fmt::format("port {} is taken by service {}", port, other_name));
  return false;
}

// A command beside signs, which only machines have, is one that reads what the console has said.
void Supervisor::tell_what_is_missing(Task& task) {
  std::string missing = task.signs.missing();
  if (missing.empty() && task.service->ready.kind == net::Service::Ready::Kind::Command)
    missing = "its console does not say what 'ready' waits for";
  (void)tell(task, std::move(missing));
}

void Supervisor::look(Task& task) {
  end_probe(task);  // one that hangs
  using Kind = net::Service::Ready::Kind;
  const net::Service::Ready& ready = task.service->ready;
  if (task.added && Clock::now() - task.started >= longest_start) return probe_result(task, true);
  const bool all_seen = task.signs.all_seen();
  if (!ready.signs.empty()) tell_what_is_missing(task);
  if (!all_seen) return probe_result(task, false);
  if (ready.kind == Kind::TcpPort) return probe_result(task, port_is_its_own(task));
  if (ready.kind == Kind::File) return probe_result(task, file_is_there(ready));
  const sys::Fd nowhere = sys::open_at(sys::here(), "/dev/null", O_WRONLY).value_or(sys::Fd());
  const std::vector<std::string> command{"/bin/sh", "-c", ready.text};
  const auto pid = spawn(command, environment_, nowhere.get());
  if (!pid) return probe_result(task, false);
  task.probe = *pid;
  task.due = task.added ? task.started + longest_start : Clock::now() + longest_probe;
}

void Supervisor::probe_result(Task& task, bool ready) {
  task.due = Clock::time_point::max();
  if (task.told.state != ServiceState::Starting) return;
  if (ready) return change(task, ServiceState::Running);
  task.due = Clock::now() + task.probe_pause;
  task.probe_pause = std::min(task.probe_pause * 3 / 2 + milliseconds(1), longest_look);
}

}  // namespace hopyard::keeper
