#include "keeper/container_processes.hh"

#include <map>
#include <set>

namespace hopyard::keeper {

std::vector<observe::Process> container_processes(std::span<const observe::Process> all, pid_t first) {
  std::map<pid_t, const observe::Process*> by_number;
  for (const observe::Process& one : all) by_number.emplace(one.pid, &one);
  std::vector<observe::Process> found;
  const auto start = by_number.find(first);
  if (start == by_number.end()) return found;
  const auto above = by_number.find(start->second->parent);
  const std::uint64_t own = start->second->pid_namespace;
  const bool shares = above != by_number.end() && above->second->pid_namespace == own;
  const auto descends = [&](const observe::Process& one) {
    std::set<pid_t> seen;  // numbers may have been given anew while the list was read
    for (pid_t pid = one.pid; seen.insert(pid).second;) {
      if (pid == first) return true;
      const auto here = by_number.find(pid);
      if (here == by_number.end()) return false;
      pid = here->second->parent;
    }
    return false;
  };
  for (const observe::Process& one : all)
    if ((!shares && one.pid_namespace == own) || descends(one)) found.push_back(one);
  return found;
}

}  // namespace hopyard::keeper
