#include "keeper/cgroup.hh"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <sstream>

#include "keeper/cgroup_places.hh"
#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

constexpr std::uint64_t period_us = 100'000;  // of cpu.max and cpu.cfs_period_us: the kernel's own default

Result<> set(const std::string& group, const char* file, const std::string& value) {
  const std::string path = fmt::format("{}/{}", group, file);
  HOPYARD_TAKE(open, sys::open_at(sys::here(), path, O_WRONLY));
  return sys::write_all(open.get(), value, path);
}

Result<sys::Fd> make_group(const std::string& group) {
  HOPYARD_TRY(sys::make_folder(sys::here(), group, 0755));
  return sys::open_at(sys::here(), group + "/cgroup.procs", O_WRONLY);
}

}  // namespace

Result<Cgroups> Cgroups::make(const net::Desired& desired, int folder, bool own_users) {
  Cgroups groups;
  const auto asks_cpu = [](const net::Namespace& ns) { return ns.machine.cpus > 0; };
  const auto asks_memory = [](const net::Namespace& ns) { return ns.machine.memory > 0; };
  const CgroupLimits limits{std::ranges::any_of(desired.namespaces, asks_cpu),
                            std::ranges::any_of(desired.namespaces, asks_memory)};
  if (!limits.cpu && !limits.memory) return groups;
  const std::string name = fmt::format("hopyard-{}-{}", desired.lab, ::getpid());
  HOPYARD_TAKE(places, find_cgroup_places(limits, name, own_users));

  std::string list;
  for (const std::string* place : {&places.unified, &places.cpu, &places.memory}) {
    if (!place->empty()) list += *place + '\n';
  }
  HOPYARD_TRY(sys::write_file(folder, cgroup_list, list));
  for (const std::string* place : {&places.unified, &places.cpu, &places.memory}) {
    if (!place->empty()) HOPYARD_TRY(sys::make_folder(sys::here(), *place, 0755));
  }
  if (!places.unified.empty()) HOPYARD_TRY(enable_controllers(places.unified, limits));

  for (std::uint32_t index = 0; index < desired.namespaces.size(); ++index) {
    const net::Namespace& ns = desired.namespaces[index];
    const auto quota = static_cast<std::uint64_t>(ns.machine.cpus * static_cast<double>(period_us));
    const std::string leaf = fmt::format("/n{}", index);
    if (!places.unified.empty() && (asks_cpu(ns) || asks_memory(ns))) {
      HOPYARD_TAKE(procs, make_group(places.unified + leaf));
      if (asks_cpu(ns)) {
        HOPYARD_TRY(set(places.unified + leaf, "cpu.max", fmt::format("{} {}", quota, period_us)));
      }
      if (asks_memory(ns)) {
        HOPYARD_TRY(set(places.unified + leaf, "memory.max", std::to_string(ns.machine.memory)));
      }
      groups.entrances_.push_back({index, std::move(procs)});
      continue;
    }
    if (asks_cpu(ns)) {
      HOPYARD_TAKE(procs, make_group(places.cpu + leaf));
      HOPYARD_TRY(set(places.cpu + leaf, "cpu.cfs_period_us", std::to_string(period_us)));
      HOPYARD_TRY(set(places.cpu + leaf, "cpu.cfs_quota_us", std::to_string(quota)));
      groups.entrances_.push_back({index, std::move(procs)});
    }
    if (asks_memory(ns)) {
      HOPYARD_TAKE(procs, make_group(places.memory + leaf));
      HOPYARD_TRY(set(places.memory + leaf, "memory.limit_in_bytes", std::to_string(ns.machine.memory)));
      groups.entrances_.push_back({index, std::move(procs)});
    }
  }
  return groups;
}

std::vector<int> Cgroups::descriptors() const {
  std::vector<int> all;
  all.reserve(entrances_.size());
  for (const Entrance& entrance : entrances_) all.push_back(entrance.procs.get());
  return all;
}

std::vector<int> Cgroups::entrances(std::uint32_t ns) const {
  std::vector<int> found;
  for (const Entrance& entrance : entrances_) {
    if (entrance.ns == ns) found.push_back(entrance.procs.get());
  }
  return found;
}

Result<> remove_cgroups(int folder) {
  HOPYARD_TAKE(list, sys::read_if_there(folder, cgroup_list));
  if (!list) return {};
  std::istringstream lines(*list);
  for (std::string path; std::getline(lines, path);) {
    // Nothing else is ever written there; a list that somebody has changed must not lead elsewhere.
    if (path.find("/hopyard-") == std::string::npos || path.find("..") != std::string::npos) continue;
    auto group = sys::open_folder(sys::here(), path);
    if (!group && group.error().code == ENOENT) continue;
    if (!group) return pass_on(std::move(group));
    HOPYARD_TAKE(names, sys::list_folder(group->get()));
    for (const std::string& name : names) {
      if (name.starts_with('n') && name.find('.') == std::string::npos && name != "notify_on_release") {
        HOPYARD_TRY(sys::remove(group->get(), name, AT_REMOVEDIR));
      }
    }
    HOPYARD_TRY(sys::remove(sys::here(), path, AT_REMOVEDIR));
  }
  return {};
}

}  // namespace hopyard::keeper
