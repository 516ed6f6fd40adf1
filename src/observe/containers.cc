#include "observe/containers.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>

#include "observe/processes.hh"
#include "sys/file.hh"

namespace hopyard::observe {
namespace {

constexpr std::array kinds{ContainerKind::Lxc,    ContainerKind::Lxd,    ContainerKind::Docker,
                           ContainerKind::Podman, ContainerKind::Nspawn, ContainerKind::Pid};
constexpr std::size_t id_size = 64;
constexpr std::size_t shortest_id = 8;  // a shorter beginning of an id may be a name as well

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Of what /proc/PID/cmdline holds.
std::vector<std::string> arguments_in(std::string_view rest) {
  std::vector<std::string> words;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return words;
}

/// The value of an option: "-M x", "--machine x", "--machine=x".
std::string option_of(const std::vector<std::string>& words, std::string_view letter, std::string_view name) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].starts_with(name) && words[i].substr(name.size()).starts_with('='))
      return words[i].substr(name.size() + 1);
    if ((words[i] == letter || words[i] == name) && i + 1 < words.size()) return words[i + 1];
  }
  return {};
}

std::string last_part(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path.substr(path.rfind('/') + 1));
}

/// The id of the Docker container that a process is in, by its control groups (cgroups(7)): ".../docker/ID"
/// or ".../docker-ID.scope"; the outermost if it is in several.
std::string docker_id(std::string_view groups) {
  for (const std::string_view mark : {"/docker-", "/docker/"}) {
    for (std::size_t at = groups.find(mark); at != std::string_view::npos; at = groups.find(mark, at + 1)) {
      const std::string_view id = groups.substr(at + mark.size()).substr(0, id_size);
      if (id.size() == id_size && is_hex(id)) return std::string(id);
    }
  }
  return {};
}

/// One look at all processes.
class Search {
 public:
  Search(const ContainerPlaces& places, sys::Fd proc, std::vector<Process> all)
      : places_(places), proc_(std::move(proc)), all_(std::move(all)) {}

  Result<std::vector<Container>> run() {
    for (const Process& process : all_) {
      if (process.inner_pid != process.pid) continue;  // a monitor inside of another container
      lxc(process);
      podman(process);
      nspawn(process);
    }
    docker();
    if (failure_) return std::unexpected(std::move(*failure_));
    std::ranges::sort(found_, {}, [](const Container& one) { return std::tie(one.kind, one.name, one.pid); });
    return std::move(found_);
  }

 private:
  /// The first process of what @p monitor looks after: pid 1 of a pid namespace of its own, if it has one.
  [[nodiscard]] pid_t first_of(const Process& monitor) const {
    pid_t any = 0;
    for (const Process& process : all_) {
      if (process.parent != monitor.pid || process.state == 'Z') continue;
      if (process.inner_pid == 1) return process.pid;
      if (any == 0) any = process.pid;
    }
    return any;
  }

  void keep(const Error& error) {
    if (!failure_) failure_ = error;
  }

  /// A file of a process; empty where it has ended, or is closed to the caller.
  std::string text_of(pid_t pid, std::string_view file) {
    static constexpr std::array no_news{ENOENT, ESRCH, EACCES, EPERM};
    auto text = sys::read_file(proc_.get(), fmt::format("{}/{}", pid, file));
    if (text) return std::move(*text);
    if (std::ranges::find(no_news, text.error().code) == no_news.end()) keep(text.error());
    return {};
  }

  /// Titles can be chosen by anybody: only those of root and of the caller are believed.
  bool is_trusted(pid_t pid) {
    struct stat status {};
    const std::string name = std::to_string(pid);
    if (::fstatat(proc_.get(), name.c_str(), &status, 0) == 0)
      return status.st_uid == 0 || status.st_uid == ::geteuid();
    if (errno != ENOENT) keep(failure("look at process", name, errno).error());
    return false;
  }

  void add(ContainerKind kind, const Process& monitor, std::string name, std::string id = {}) {
    const pid_t pid = first_of(monitor);
    if (pid == 0 || name.empty() || !is_trusted(monitor.pid)) return;
    found_.push_back({kind, std::move(name), std::move(id), pid});
  }

  /// "[lxc monitor] /var/lib/lxc c1": LXC and LXD name their monitors alike.
  void lxc(const Process& process) {
    constexpr std::string_view title = "[lxc monitor] ";
    std::string_view rest = process.command;
    if (!rest.starts_with(title)) return;
    rest.remove_prefix(title.size());
    const std::size_t space = rest.rfind(' ');
    if (space == std::string_view::npos) return;
    const bool of_lxd = rest.substr(0, space).ends_with("/lxd/containers");
    add(of_lxd ? ContainerKind::Lxd : ContainerKind::Lxc, process, std::string(rest.substr(space + 1)));
  }

  /// conmon(8), which others use too; one more of them stands over each `podman exec`.
  void podman(const Process& process) {
    if (process.name != "conmon") return;
    const auto words = arguments_in(text_of(process.pid, "cmdline"));
    const std::string id = option_of(words, "-c", "--cid");
    const std::string exit_command = option_of(words, "--exit-command", "--exit-command");
    if (last_part(exit_command) != "podman" || id != option_of(words, "-u", "--cuuid")) return;
    add(ContainerKind::Podman, process, option_of(words, "-n", "--name"), id);
  }

  void nspawn(const Process& process) {
    if (process.name != "systemd-nspawn") return;
    const auto words = arguments_in(text_of(process.pid, "cmdline"));
    std::string name = option_of(words, "-M", "--machine");
    if (name.empty()) name = last_part(option_of(words, "-D", "--directory"));
    if (name.empty()) name = last_part(option_of(words, "-i", "--image"));
    if (name.ends_with(".raw")) name.resize(name.size() - std::string_view(".raw").size());
    add(ContainerKind::Nspawn, process, std::move(name));
  }

  void docker() {
    std::map<pid_t, std::string> ids;
    for (const Process& process : all_)
      if (std::string id = docker_id(text_of(process.pid, "cgroup")); !id.empty())
        ids.emplace(process.pid, std::move(id));
    std::map<std::string, Container> containers;
    for (const Process& process : all_) {
      const auto own = ids.find(process.pid);
      if (own == ids.end() || process.state == 'Z') continue;
      const auto above = ids.find(process.parent);
      if (above != ids.end() && above->second == own->second) continue;
      // What `docker exec` has started stands beside the first one.
      if (process.inner_pid != 1 && containers.contains(own->second)) continue;
      containers[own->second] = {ContainerKind::Docker, own->second, own->second, process.pid};
    }
    for (auto& [id, container] : containers) {
      read_docker_name(container, ids);
      found_.push_back(std::move(container));
    }
  }

  void read_docker_name(Container& container, const std::map<pid_t, std::string>& ids) const {
    const auto text =
        sys::read_file(sys::here(), fmt::format("{}/{}/config.v2.json", places_.docker, container.id));
    if (!text) return;
    const auto file = nlohmann::json::parse(*text, nullptr, false);
    if (!file.is_object()) return;
    if (const auto name = file.find("Name"); name != file.end() && name->is_string()) {
      const auto given = name->get<std::string>();
      container.name = given.starts_with('/') ? given.substr(1) : given;
    }
    const auto state = file.find("State");
    if (state == file.end() || !state->is_object()) return;
    const auto pid = state->find("Pid");
    if (pid == state->end() || !pid->is_number_integer()) return;
    const auto number = pid->get<pid_t>();
    if (const auto same = ids.find(number); same != ids.end() && same->second == container.id)
      container.pid = number;
  }

  const ContainerPlaces& places_;
  sys::Fd proc_;
  std::vector<Process> all_;
  std::vector<Container> found_;
  std::optional<Error> failure_;  ///< what could not be looked at though it is there
};

Result<Container> by_pid(std::string_view digits, const ContainerPlaces& places) {
  const std::string doing = fmt::format("find process {}", digits);
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), pid);
  if (error != std::errc{} || end != digits.data() + digits.size() || pid <= 0)
    return refusal(doing, "this is no number of a process", "write it as pid:1995");
  const auto found = sys::open_at(sys::here(), fmt::format("{}/{}", places.proc, pid), O_PATH | O_DIRECTORY);
  if (!found && found.error().code != ENOENT) return failure(doing, "", found.error().code);
  if (!found) return refusal(doing, "there is none");
  return Container{ContainerKind::Pid, std::to_string(pid), {}, pid};
}

bool is_called(const Container& container, std::string_view name) {
  return container.name == name ||
         (!container.id.empty() && name.size() >= shortest_id && container.id.starts_with(name));
}

std::string all_spelled(const std::vector<Container>& containers) {
  std::vector<std::string> names;
  names.reserve(containers.size());
  for (const Container& one : containers) names.push_back(spelled(one));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string_view word(ContainerKind kind) {
  static constexpr std::array<std::string_view, 6> words{"lxc", "lxd", "docker", "podman", "nspawn", "pid"};
  return words[static_cast<std::size_t>(kind)];
}

std::string spelled(const Container& container) {
  return fmt::format("{}:{}", word(container.kind), container.name);
}

Result<std::vector<Container>> list_containers(const ContainerPlaces& places) {
  HOPYARD_TAKE(proc, sys::open_at(sys::here(), places.proc, O_RDONLY | O_DIRECTORY));
  HOPYARD_TAKE(all, list_processes(proc.get()));
  return Search(places, std::move(proc), std::move(all)).run();
}

Result<Container> find_container(std::string_view name, const ContainerPlaces& places) {
  std::optional<ContainerKind> kind;
  std::string_view wanted = name;
  if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
    const auto found = std::ranges::find(kinds, name.substr(0, colon), word);
    if (found == kinds.end())
      return refusal(fmt::format("find container {}", name),
                     fmt::format("there is no kind of container '{}'", name.substr(0, colon)),
                     "there are lxc, lxd, docker, podman, nspawn and pid");
    kind = *found;
    wanted.remove_prefix(colon + 1);
  }
  if (kind == ContainerKind::Pid) return by_pid(wanted, places);
  HOPYARD_TAKE(all, list_containers(places));
  std::vector<Container> matches;
  for (const Container& one : all)
    if ((!kind || one.kind == *kind) && is_called(one, wanted)) matches.push_back(one);
  if (matches.size() == 1) return std::move(matches.front());
  const std::string doing = fmt::format("find container {}", name);
  if (matches.empty())
    return refusal(doing, "none of that name runs",
                   all.empty() ? "no container of LXC, LXD, Docker, Podman or systemd-nspawn runs here"
                               : "running: " + all_spelled(all));
  std::vector<std::string> numbers;
  numbers.reserve(matches.size());
  for (const Container& one : matches) numbers.push_back(fmt::format("{} (pid:{})", spelled(one), one.pid));
  return refusal(doing, fmt::format("{} have that name: {}", matches.size(), fmt::join(numbers, ", ")),
                 "write which one is meant: kind:name, or pid:number");
}

}  // namespace hopyard::observe
