#include <algorithm>

#include "keeper/supervisor.hh"

namespace hopyard::keeper {

const ServiceDescription* Supervisor::find(std::string_view name) const {
  const auto found = std::ranges::find_if(tasks_, [&](const Task& task) { return task.told.name == name; });
  return found == tasks_.end() ? nullptr : &found->told;
}

const net::Service* Supervisor::given(std::string_view name) const {
  const auto found = std::ranges::find_if(tasks_, [&](const Task& task) { return task.told.name == name; });
  return found == tasks_.end() ? nullptr : found->service;
}

std::vector<std::string> Supervisor::names() const {
  std::vector<std::string> all;
  all.reserve(tasks_.size());
  for (const Task& task : tasks_) all.push_back(task.told.name);
  return all;
}

bool Supervisor::has_failed(std::string_view name) const {
  return std::ranges::any_of(tasks_, [&](const Task& task) { return task.told.name == name && task.failed; });
}

bool Supervisor::owns(pid_t pid) const {
  return std::ranges::any_of(tasks_,
                             [pid](const Task& task) { return task.told.pid == pid || task.probe == pid; });
}

bool Supervisor::is_lost(const Task& task) const {
  if (task.told.state != ServiceState::Waiting || task.stop) return false;
  return std::ranges::any_of(task.after, [this](std::size_t index) {
    const Task& other = tasks_[index];
    if (other.stop && other.again) return false;
    if (other.told.state == ServiceState::Stopped) return true;
    return other.told.state == ServiceState::Ended ? other.told.last_exit != 0 : is_lost(other);
  });
}

bool Supervisor::settled() const {
  return std::ranges::all_of(tasks_, [this](const Task& task) {
    return !task.stop &&
           (task.told.state == ServiceState::Running || task.told.state == ServiceState::Ended ||
            task.told.state == ServiceState::Stopped || is_lost(task));
  });
}

bool Supervisor::may_start(const Task& task) const {
  if (task.told.state != ServiceState::Waiting || task.stop) return false;
  return std::ranges::all_of(task.after, [this](std::size_t index) {
    const Task& other = tasks_[index];
    if (other.stop) return false;
    return other.told.state == ServiceState::Running ||
           (other.told.state == ServiceState::Ended && other.told.last_exit == 0);
  });
}

std::vector<std::size_t> Supervisor::chosen(std::span<const std::string> names) const {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    if (names.empty() || std::ranges::find(names, tasks_[i].told.name) != names.end()) all.push_back(i);
  }
  return all;
}

std::vector<std::string> Supervisor::unknown(std::span<const std::string> names) const {
  std::vector<std::string> none;
  for (const std::string& name : names) {
    const bool known = std::ranges::any_of(tasks_, [&](const Task& one) { return one.told.name == name; });
    if (!known) none.push_back(name);
  }
  return none;
}

}  // namespace hopyard::keeper
