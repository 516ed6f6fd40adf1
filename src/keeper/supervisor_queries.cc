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

}  // namespace hopyard::keeper
