#include "app/programs.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "keeper/environment.hh"
#include "keeper/frr_daemons.hh"
#include "keeper/known_daemons.hh"
#include "sys/file.hh"

namespace hopyard::app {
namespace {

struct Packaged {
  std::string_view program;
  std::string_view package;
};

/// Of programs that neither keeper/known_daemons.hh nor FRR has.
constexpr std::array packages{
    Packaged{"apachectl", "apache2"},
    Packaged{"busybox", "busybox"},
    Packaged{"curl", "curl"},
    Packaged{"dhclient", "isc-dhcp-client"},
    Packaged{"dhcpd", "isc-dhcp-server"},
    Packaged{"haproxy", "haproxy"},
    Packaged{"hostapd", "hostapd"},
    Packaged{"iperf", "iperf"},
    Packaged{"iperf3", "iperf3"},
    Packaged{"keepalived", "keepalived"},
    Packaged{"lighttpd", "lighttpd"},
    Packaged{"lldpd", "lldpd"},
    Packaged{"nc", "netcat-openbsd"},
    Packaged{"perl", "perl"},
    Packaged{"ping", "iputils-ping"},
    Packaged{"python3", "python3"},
    Packaged{"rsyslogd", "rsyslog"},
    Packaged{"snmpd", "snmpd"},
    Packaged{"socat", "socat"},
    Packaged{"squid", "squid"},
    Packaged{"tcpdump", "tcpdump"},
    Packaged{"tshark", "tshark"},
    Packaged{"unbound", "unbound"},
    Packaged{"wg", "wireguard-tools"},
};

constexpr std::array own_folders{"/run/", "/tmp/", "/var/run/", "/dev/"};

/// The PATH that the node's processes have.
std::string search_path(const net::Namespace& node, const std::string& lab) {
  for (const std::string& entry : keeper::process_environment(nullptr, keeper::node_environment(lab, node)))
    if (entry.starts_with("PATH=")) return entry.substr(5);
  return {};
}

/// Whether a file system has a program, each question answered once for all nodes.
class FileSystems {
 public:
  bool has(const std::string& root, const std::string& path) {
    const auto [found, fresh] = known_.try_emplace({root, path}, false);
    if (fresh) found->second = look(root, path);
    return found->second;
  }

 private:
  static bool look(const std::string& root, const std::string& path) {
    const auto folder = sys::open_at(sys::here(), root.empty() ? "/" : root, O_PATH | O_DIRECTORY);
    if (!folder) return true;  // that the root is not there is said by who uses it
    const auto file = sys::open_in_root(folder->get(), path, O_PATH);
    // Where it cannot be told, it is told by who starts it.
    if (!file && file.error().code != ENOENT && file.error().code != ENOTDIR && file.error().code != ELOOP)
      return true;
    if (!file) return false;
    struct stat status {};
    if (::fstat(file->get(), &status) != 0) return true;
    return S_ISREG(status.st_mode) && (status.st_mode & 0111U) != 0;
  }
  std::map<std::pair<std::string, std::string>, bool> known_;
};

bool is_given(const net::Namespace& node, const std::string& path) {
  return std::ranges::find(node.machine.files, path, &net::File::path) != node.machine.files.end();
}

bool has_program(FileSystems& systems, const net::Namespace& node, const std::string& program,
                 const std::string& lab) {
  const auto at = [&](const std::string& path) {
    return is_given(node, path) || systems.has(node.machine.root, path);
  };
  if (program.starts_with('/')) {
    const bool own =
        std::ranges::any_of(own_folders, [&](const char* folder) { return program.starts_with(folder); });
    return own || at(program);
  }
  if (program.find('/') != std::string::npos) return true;  // relative to where the node's init is: its root
  const std::string path = search_path(node, lab);
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    if (!folder.empty() && at(fmt::format("{}/{}", folder, program))) return true;
  }
  return false;
}

/// What of a service's program is not there: its name, or the names of those of which one would do.
std::string missing_program(FileSystems& systems, const net::Namespace& node, const net::Service& service,
                            const std::string& lab) {
  std::vector<std::string> programs = service.programs;
  if (programs.empty()) programs.push_back(program_of(service));
  for (const std::string& one : programs)
    if (one.empty() || has_program(systems, node, one, lab)) return {};
  return fmt::format("'{}'", fmt::join(programs, "' or '"));
}

/// A program that is missing in some file system, and who wants it.
struct Missing {
  const net::Service* service;
  std::vector<std::string_view> nodes;
};

std::string who(const std::vector<std::string_view>& nodes) {
  constexpr std::size_t enough = 3;
  if (nodes.size() == 1) return fmt::format("node {} needs", nodes.front());
  if (nodes.size() <= enough) return fmt::format("nodes {} need", fmt::join(nodes, ", "));
  return fmt::format("nodes {} and {} more need", fmt::join(nodes.begin(), nodes.begin() + enough, ", "),
                     nodes.size() - enough);
}

std::string remedy(const Missing& missing, const std::string& root) {
  const net::Service& service = *missing.service;
  const std::string_view package =
      service.package.empty() ? package_of(program_of(service)) : std::string_view(service.package);
  if (!root.empty()) {
    if (package.empty()) return fmt::format("install it in {}", root);
    return fmt::format("chroot {} apt-get install {}", root, package);
  }
  if (package.empty()) return "install it on this machine: nodes see its file system";
  return fmt::format("apt-get install {}", package);
}

}  // namespace

std::string_view package_of(std::string_view program) {
  program.remove_prefix(program.rfind('/') + 1);
  if (keeper::is_frr_daemon(program)) return "frr";
  const auto& daemons = keeper::known_daemons();
  if (const auto daemon = std::ranges::find(daemons, program, &keeper::KnownDaemon::program);
      daemon != daemons.end())
    return daemon->package;
  const auto found = std::ranges::find(packages, program, &Packaged::program);
  return found == packages.end() ? std::string_view() : found->package;
}

std::string program_of(const net::Service& service) {
  const std::vector<std::string>& words = service.command;
  if (words.size() != 3 || words[0] != "/bin/sh" || words[1] != "-c") return words.empty() ? "" : words[0];
  constexpr std::string_view blanks = " \t\n";
  std::string_view text = words[2];
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  std::string_view first = text.substr(0, text.find_first_of(blanks));
  if (first == "exec") {
    text.remove_prefix(first.size());
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    first = text.substr(0, text.find_first_of(blanks));
  }
  // Known programs alone: a word may as well be a part of the shell's own language.
  return package_of(first).empty() ? std::string() : std::string(first);
}

void check_programs(const net::Desired& desired, Diagnostics& diagnostics) {
  FileSystems systems;
  // By place, program and root: what a range of nodes wants is one thing to say.
  std::map<std::tuple<std::size_t, std::size_t, std::string, std::string>, Missing> all;
  for (const net::Namespace& node : desired.namespaces) {
    for (const net::Service& service : node.machine.services) {
      const std::string program = missing_program(systems, node, service, desired.lab);
      if (program.empty()) continue;
      const auto key = std::tuple(std::size_t{service.origin.file}, std::size_t{service.origin.begin},
                                  program, node.machine.root);
      auto& missing = all.try_emplace(key, Missing{&service, {}}).first->second;
      missing.nodes.push_back(node.name);
    }
  }
  for (const auto& [key, missing] : all) {
    const std::string& program = std::get<2>(key);
    const std::string& root = std::get<3>(key);
    diagnostics.error(missing.service->origin,
                      fmt::format("{} {}, which is not {}", who(missing.nodes), program,
                                  root.empty() ? "installed" : "in " + root),
                      remedy(missing, root));
  }
}

}  // namespace hopyard::app
