#include <fmt/format.h>
#include <sys/resource.h>

#include "app/doctor.hh"
#include "app/files.hh"

namespace hopyard::app {
namespace {

// What a lab of N nodes takes at most: every node running something, one neighbour in each direction, IPv4
// and IPv6.
constexpr Limit limits[] = {
    {"open files", "the limit of open files", [](std::uint64_t nodes) { return nodes + 64; },
     "a lab holds one for each node and each network",
     "raise the hard limit (ulimit -Hn, LimitNOFILE=) to {}"},
    {"kernel.pid_max", "/proc/sys/kernel/pid_max", [](std::uint64_t nodes) { return 3 * nodes + 1000; },
     "a node in which something runs has an init and its processes", "sysctl -w kernel.pid_max={}"},
    {"kernel.threads-max", "/proc/sys/kernel/threads-max",
     [](std::uint64_t nodes) { return 4 * nodes + 1000; }, "all threads of all nodes count",
     "sysctl -w kernel.threads-max={}"},
    {"IPv4 neighbours", "/proc/sys/net/ipv4/neigh/default/gc_thresh3",
     [](std::uint64_t nodes) { return 4 * nodes; },
     "one table for the whole machine: beyond it, packets of any lab are lost for want of an ARP entry",
     "sysctl -w net.ipv4.neigh.default.gc_thresh3={} (in the first namespace; it holds for all)"},
    {"IPv6 neighbours", "/proc/sys/net/ipv6/neigh/default/gc_thresh3",
     [](std::uint64_t nodes) { return 4 * nodes; }, "the same for IPv6 neighbour discovery",
     "sysctl -w net.ipv6.neigh.default.gc_thresh3={} (in the first namespace; it holds for all)"},
    {"inotify instances", "/proc/sys/fs/inotify/max_user_instances",
     [](std::uint64_t nodes) { return nodes + 32; },
     "a daemon that watches files takes one, and all nodes share one user's",
     "sysctl -w fs.inotify.max_user_instances={}"},
    {"pseudo terminals", "/proc/sys/kernel/pty/max", [](std::uint64_t) { return std::uint64_t{64}; },
     "each open shell takes one", "sysctl -w kernel.pty.max={}"},
    {"network namespaces", "/proc/sys/user/max_net_namespaces",
     [](std::uint64_t nodes) { return 2 * nodes + 16; }, "one for each node and each network",
     "sysctl -w user.max_net_namespaces={}"},
    {"mount namespaces", "/proc/sys/user/max_mnt_namespaces", [](std::uint64_t nodes) { return nodes + 16; },
     "one for each node in which something runs", "sysctl -w user.max_mnt_namespaces={}"},
    {"pid namespaces", "/proc/sys/user/max_pid_namespaces", [](std::uint64_t nodes) { return nodes + 16; },
     "one for each node in which something runs", "sysctl -w user.max_pid_namespaces={}"},
};

constexpr std::uint64_t kilobytes_per_node =
    650;  // of kernel memory: a namespace, its links, and a machine's mounts

std::optional<std::uint64_t> open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return limit.rlim_max;
}

/// The number on the line of /proc/meminfo that starts with @p name, in kB.
std::optional<std::uint64_t> meminfo(std::string_view name) {
  const auto text = read_file("/proc/meminfo");
  if (!text) return std::nullopt;
  const std::size_t at = text->find(name);
  if (at == std::string::npos) return std::nullopt;
  return std::strtoull(text->c_str() + at + name.size(), nullptr, 10);
}

Finding memory(std::uint64_t nodes) {
  const auto available = meminfo("MemAvailable:");
  Finding finding{"limits", "memory", Health::Good, "unknown", {}, {}, false};
  finding.means = "a node takes about half a MiB of kernel memory, before anything runs in it";
  if (!available) return finding;
  finding.value = fmt::format("{} MiB free", *available / 1024);
  if (nodes * kilobytes_per_node <= *available) return finding;
  finding.health = Health::Tight;
  finding.remedy = fmt::format("{} nodes need about {} MiB", nodes, nodes * kilobytes_per_node / 1024);
  return finding;
}

Finding bridge_filter() {
  const auto value = number_in("/proc/sys/net/bridge/bridge-nf-call-iptables");
  const bool filters = value.value_or(0) != 0;
  Finding finding{"limits",
                  "bridge netfilter",
                  filters ? Health::Note : Health::Good,
                  filters ? "1"
                  : value ? "0"
                          : "absent",
                  "frames that cross a lab's switch do not pass through iptables and nftables",
                  {},
                  false};
  if (filters) {
    finding.means = "frames that cross a bridge pass through iptables and nftables of its namespace";
    finding.remedy =
        "nothing for labs without rules on their switches; else sysctl -w "
        "net.bridge.bridge-nf-call-iptables=0";
  }
  return finding;
}

}  // namespace

Finding judge(const Limit& limit, std::optional<std::uint64_t> value, std::uint64_t nodes) {
  Finding finding{"limits",    limit.name, Health::Good, value ? std::to_string(*value) : "unknown",
                  limit.means, {},         false};
  if (!value) {
    finding.health = Health::Note;
    finding.remedy = fmt::format("{} is not to be seen from here{}", limit.path,
                                 limit.path[0] == '/' ? ": look in the first namespace" : "");
    return finding;
  }
  const std::uint64_t need = limit.need(nodes);
  if (nodes == 0 || *value >= need) return finding;
  finding.health = Health::Tight;
  finding.remedy = fmt::format(fmt::runtime(limit.remedy), need);
  return finding;
}

void examine_limits(Doctor& doctor) {
  for (const Limit& limit : limits)
    doctor.findings.push_back(
        judge(limit, limit.path[0] == '/' ? number_in(limit.path) : open_files(), doctor.nodes));
  doctor.findings.push_back(memory(doctor.nodes));
  doctor.findings.push_back(bridge_filter());
}

}  // namespace hopyard::app
