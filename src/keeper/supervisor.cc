#include "keeper/supervisor.hh"

#include <fmt/format.h>
#include <signal.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "keeper/service_process.hh"
#include "sys/file.hh"
#include "sys/process.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

using std::chrono::milliseconds;

// The first time a service ends it starts again at once; then after pauses that double.
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{1000};
// One that ran for so long is well: its next end is a first one again.
constexpr milliseconds long_enough{5000};
constexpr milliseconds first_look{5};
constexpr milliseconds time_to_stop{2000};  // from the stop signal to SIGKILL

std::string end_text(int exit_status) {
  return exit_status > 128 ? fmt::format("was ended by {}", sys::signal_name(exit_status - 128))
                           : fmt::format("ended with status {}", exit_status);
}

std::string in_brackets(const std::string& reason) {
  return reason.empty() ? reason : fmt::format(" ({})", reason);
}

/// The socket that the words went to; nothing when there are none, or nobody listens.
sys::Fd say_parting(const net::Service::Parting& parting) {
  if (parting.socket.empty() || parting.grace.count() == 0) return {};
  const std::size_t slash = parting.socket.rfind('/');
  const auto folder = sys::open_folder(sys::here(), parting.socket.substr(0, slash));
  if (!folder) return {};
  auto socket = sys::connect_unix(folder->get(), parting.socket.substr(slash + 1));
  if (!socket || !sys::send(socket->get(), parting.words)) return {};
  return std::move(*socket);
}

/// The first of the node's file systems for what programs write as they run that has no room left.
std::string full_place() {
  for (const char* place : {"/run", "/tmp", "/"}) {
    struct statvfs room {};
    if (::statvfs(place, &room) == 0 && room.f_blocks != 0 && room.f_bavail == 0) return place;
  }
  return {};
}

bool has_process(ServiceState state) {
  return state == ServiceState::Starting || state == ServiceState::Running || state == ServiceState::Stopping;
}

}  // namespace

Supervisor::Supervisor(std::span<const net::Service> services, std::span<const std::string> environment,
                       Changed changed)
    : environment_(environment), changed_(std::move(changed)) {
  for (const net::Service& service : services) append(service);
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    for (const std::string& name : tasks_[i].service->after) {
      for (std::size_t j = 0; j < tasks_.size(); ++j) {
        if (tasks_[j].told.name != name) continue;
        tasks_[i].after.push_back(j);
        tasks_[j].before.push_back(i);
      }
    }
  }
}

// Stopped until it is asked to start: nothing that happens before then may start it.
void Supervisor::append(const net::Service& service) {
  Task& task = tasks_.emplace_back();
  task.service = &service;
  task.told.name = service.name;
  task.told.state = ServiceState::Stopped;
  task.told.since = Clock::now();
}

void Supervisor::note(const Task& task, const std::string& words) {
  logs_.of(task.told.name).note(words);
}

void Supervisor::add(net::Service service) {
  for (net::Service& one : added_) {
    if (one.name != service.name) continue;
    one = std::move(service);
    return;
  }
  append(added_.emplace_back(std::move(service)));
  tasks_.back().added = true;
  const std::size_t own = tasks_.size() - 1;
  for (const std::string& name : added_.back().after) {
    for (std::size_t i = 0; i < own; ++i) {
      if (tasks_[i].told.name != name) continue;
      tasks_[own].after.push_back(i);
      tasks_[i].before.push_back(own);
    }
  }
  changed_(tasks_[own].told);
}

Result<> Supervisor::give(Order order, std::span<const std::string> names) {
  if (const auto none = unknown(names); !none.empty()) return failure("find service", none.front(), ENOENT);
  for (const std::size_t index : chosen(names)) {
    Task& task = tasks_[index];
    if (order != Order::Stop) task.failed = false;
    task.pause = milliseconds(0);
    task.again = order != Order::Stop;
    const bool idle = task.told.state == ServiceState::Stopped || task.told.state == ServiceState::Ended ||
                      task.told.state == ServiceState::Pausing;
    if (order != Order::Start || task.told.state == ServiceState::Stopping)
      task.stop = true;
    else if (idle)
      change(task, ServiceState::Waiting);
  }
  advance();
  return {};
}

void Supervisor::freeze(bool frozen) {
  const auto now = Clock::now();
  if (frozen && !frozen_) {
    frozen_at_ = now;
    for (Task& task : tasks_) task.due_at_freeze = task.due;
  }
  if (!frozen && frozen_) {
    for (Task& task : tasks_) {
      const bool had_time_left = task.due == task.due_at_freeze && task.due != Clock::time_point::max();
      if (had_time_left) task.due += now - frozen_at_;
      task.started += now - frozen_at_;
    }
  }
  frozen_ = frozen;
  advance();
}

Result<bool> Supervisor::fulfilled(Order order, std::span<const std::string> names) const {
  bool all = true;
  for (const std::size_t index : chosen(names)) {
    const Task& task = tasks_[index];
    if (order == Order::Stop) {
      // Who has asked to start it again since takes the answer as much for granted as its end.
      all = all && (task.again || (!task.stop && !has_process(task.told.state)));
      continue;
    }
    if (task.failed)
      return refusal("start service " + task.told.name,
                     fmt::format("it {} before it was ready{}", end_text(task.told.last_exit.value_or(0)),
                                 in_brackets(task.why_failed)));
    if (task.told.state == ServiceState::Stopped && !task.stop)
      return refusal("start service " + task.told.name, "it was stopped meanwhile");
    if (is_lost(task))
      return refusal("start service " + task.told.name, "a service that it comes after does not run");
    all = all && !task.stop &&
          (task.told.state == ServiceState::Running || task.told.state == ServiceState::Ended);
  }
  return all;
}

// It waits for one that will not be ready.
std::vector<std::string> Supervisor::failures() const {
  std::vector<std::string> words;
  for (const Task& task : tasks_) {
    if (task.told.state == ServiceState::Ended && task.told.last_exit.value_or(0) != 0)
      words.push_back(fmt::format("service {} {}{}; see {} there", task.told.name,
                                  end_text(*task.told.last_exit), in_brackets(task.told.note),
                                  log_path(task.told.name)));
    else if (is_lost(task))
      words.push_back(
          fmt::format("service {} has not started: one that it comes after has ended", task.told.name));
  }
  return words;
}

bool Supervisor::tell(Task& task, std::string reason) {
  if (task.told.note == reason) return false;
  task.told.note = std::move(reason);
  changed_(task.told);
  return true;
}

void Supervisor::explain(Task& task, std::string reason) {
  if (tell(task, std::move(reason))) note(task, task.told.note);
}

void Supervisor::change(Task& task, ServiceState state) {
  // What held it up before does so no longer.
  const bool is_over =
      state == ServiceState::Starting || state == ServiceState::Running || state == ServiceState::Stopped;
  if (is_over) task.told.note.clear();
  if (state == ServiceState::Running) task.failed = false;
  task.told.state = state;
  task.told.since = Clock::now();
  changed_(task.told);
}

bool Supervisor::may_stop(const Task& task) const {
  return std::ranges::none_of(task.before, [this](std::size_t index) {
    return tasks_[index].stop && has_process(tasks_[index].told.state);
  });
}

void Supervisor::advance() {
  if (frozen_) return;
  for (bool moved = true; moved;) {
    moved = false;
    for (Task& task : tasks_) {
      if (task.stop && task.told.pid != 0 && task.told.state != ServiceState::Stopping && may_stop(task)) {
        request_end(task);
        moved = true;
      }
      if (task.stop && task.told.pid == 0) {
        task.stop = false;
        task.due = Clock::time_point::max();
        const bool again = std::exchange(task.again, false);
        change(task, again ? ServiceState::Waiting : ServiceState::Stopped);
        moved = true;
      }
      if (may_start(task)) {
        launch(task);
        moved = true;
      }
    }
  }
}

void Supervisor::launch(Task& task) {
  task.started = Clock::now();
  const net::Service::Ready& wanted = task.service->ready;
  if (!wanted.left.empty()) ::unlink(wanted.left.c_str());
  task.signs = SignWatch(wanted.signs);
  const auto pid = spawn(task.service->command, environment_, logs_.of(task.told.name).entrance());
  if (!pid) {
    explain(task, "cannot " + pid.error().text());
    return after_end(task, pid.error().code == ENOENT ? 127 : 126);
  }
  task.told.pid = *pid;
  if (task.service->ready.kind == net::Service::Ready::Kind::Started)
    return change(task, ServiceState::Running);
  task.probe_pause = first_look;
  // The end of a process needs no looking for.
  const bool is_looked_at = task.service->ready.kind != net::Service::Ready::Kind::Ended;
  task.due = is_looked_at ? task.started : Clock::time_point::max();
  change(task, ServiceState::Starting);
}

// To all of its group, for a service may be a shell with what it started; and one that was stopped has to run
// to end.
void Supervisor::request_end(Task& task) {
  end_probe(task);
  task.parting = say_parting(task.service->parting);
  task.due = Clock::now() + task.service->parting.grace;
  if (!task.parting) signal_end(task);
  change(task, ServiceState::Stopping);
}

void Supervisor::signal_end(Task& task) {
  ::kill(-task.told.pid, task.service->stop_signal);
  ::kill(-task.told.pid, SIGCONT);
  task.due = Clock::now() + time_to_stop;
}

void Supervisor::end_later(Task& task) {
  if (task.parting) {
    task.parting.reset();
    note(task, fmt::format("{} does not end as it was asked to", task.told.name));
    return signal_end(task);
  }
  note(task, fmt::format("{} does not end by {}, and is killed", task.told.name,
                         sys::signal_name(task.service->stop_signal)));
  ::kill(-task.told.pid, SIGKILL);
}

void Supervisor::ended(pid_t pid, int status) {
  for (Task& task : tasks_) {
    if (task.probe == pid) {
      task.probe = 0;
      probe_result(task, sys::exit_status(status) == 0);
      break;
    }
    if (task.told.pid != pid) continue;
    task.told.pid = 0;
    end_probe(task);
    const int exit_status = sys::exit_status(status);
    if (const std::string place = full_place(); exit_status != 0 && !task.stop && !place.empty())
      explain(task, fmt::format("{} is full", place));
    after_end(task, exit_status);
    break;
  }
  advance();
}

void Supervisor::after_end(Task& task, int exit_status) {
  const bool was_ready = task.told.state == ServiceState::Running;
  task.told.last_exit = exit_status;
  task.parting.reset();
  task.signs = {};
  task.due = Clock::time_point::max();
  if (task.stop) return;  // advance() goes on with it
  if (!was_ready) task.why_failed = task.told.note;
  const auto policy = task.service->restart;
  using Restart = net::Service::Restart;
  const bool is_done = exit_status == 0 && (policy == Restart::OnFailure ||
                                            task.service->ready.kind == net::Service::Ready::Kind::Ended);
  if (policy == Restart::Never || is_done) {
    task.failed = !was_ready && exit_status != 0;
    return change(task, ServiceState::Ended);
  }
  task.failed = task.failed || !was_ready;
  if (Clock::now() - task.started >= long_enough) task.pause = milliseconds(0);
  note(task, fmt::format("{} {}, and starts again{}", task.told.name, end_text(exit_status),
                         task.pause.count() == 0 ? "" : fmt::format(" in {} ms", task.pause.count())));
  ++task.told.restarts;
  task.due = Clock::now() + task.pause;
  task.pause = std::clamp(task.pause * 2, first_pause, longest_pause);
  change(task, ServiceState::Pausing);
}

Supervisor::Clock::time_point Supervisor::next() const {
  Clock::time_point first = Clock::time_point::max();
  if (frozen_) return first;
  for (const Task& task : tasks_) first = std::min(first, task.due);
  return first;
}

void Supervisor::tick() {
  const auto now = Clock::now();
  for (Task& task : tasks_) {
    if (task.due > now) continue;
    task.due = Clock::time_point::max();
    switch (task.told.state) {
      case ServiceState::Starting:
        look(task);
        break;
      case ServiceState::Pausing:
        change(task, ServiceState::Waiting);
        break;
      case ServiceState::Stopping:
        end_later(task);
        break;
      default:
        break;
    }
  }
  advance();
}

}  // namespace hopyard::keeper
