#include "keeper/machine_root.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>

#include "keeper/frr_daemons.hh"
#include "keeper/known_daemons.hh"
#include "keeper/machine_files.hh"
#include "keeper/node_tools.hh"
#include "sys/file.hh"
#include "sys/mount.hh"

namespace hopyard::keeper {
namespace {

bool gives(const net::Machine& machine, const std::string& path) {
  return std::ranges::any_of(machine.files, [&](const net::File& file) { return file.path == path; });
}

// Between the options of overlayfs a comma or a colon of a path needs a backslash.
std::string escaped(const std::string& path) {
  std::string text;
  for (const char c : path) {
    if (c == ',' || c == ':' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

Result<> make_path(const std::string& path, mode_t mode) {
  return sys::make_folder(sys::here(), path, mode);
}

// One overlay with its two work folders, which lie beside each other under @p work.
Result<> overlay(const std::string& lower, const std::string& work, const std::string& target) {
  HOPYARD_TRY(make_path(work + "u", 0755));
  HOPYARD_TRY(make_path(work + "w", 0755));
  return sys::mount("overlay", target, "overlay", 0,
                    fmt::format("lowerdir={},upperdir={}u,workdir={}w", lower, work, work));
}

Result<std::string> mount_root(const MachinePlan& plan) {
  const std::string own = fmt::format("{}/{}", place::nodes, plan.number);
  const std::string root = own + "/root";
  const std::string& given = plan.node.machine.root;
  HOPYARD_TRY(make_path(own, 0755));
  HOPYARD_TRY(make_path(root, 0755));
  // Written below the overlay, where it costs no copying up.
  HOPYARD_TRY(make_path(own + "/u", 0755));
  HOPYARD_TRY(make_path(own + "/u/etc", 0755));
  HOPYARD_TRY(sys::write_file(sys::here(), own + "/u/etc/hostname", hostname_of(plan.node) + '\n'));

  std::string lower = fmt::format("{}/0:{}:{}", place::tools, place::layer, place::host);
  if (!given.empty()) {
    const auto number = std::ranges::find(plan.host.roots, given) - plan.host.roots.begin();
    lower = fmt::format("{}/{}:{}:{}/{}", place::tools, number + 1, place::layer, place::roots, number);
  }
  HOPYARD_TRY(overlay(lower, own + '/', root));
  if (!given.empty()) return root;
  for (std::size_t i = 0; i < plan.host.file_systems.size(); ++i) {
    const std::string& point = plan.host.file_systems[i];
    std::string below = escaped(place::host + point);
    const std::string tools = fmt::format("{}/0{}", place::tools, point);
    if (sys::open_folder(sys::here(), tools)) below.insert(0, escaped(tools) + ':');
    HOPYARD_TRY(overlay(below, fmt::format("{}/{}", own, i), root + point));
  }
  return root;
}

Result<> make_device(const char* name, unsigned major_number, unsigned minor_number) {
  if (::mknod(name, S_IFCHR | 0666, makedev(major_number, minor_number)) != 0)
    return failure("create", name, errno);
  return {};
}

// The usual devices (Linux allocated devices, admin-guide/devices.txt) and links.
Result<> mount_dev(const HostView& host) {
  HOPYARD_TRY(make_path("/dev", 0755));
  HOPYARD_TRY(sys::mount("dev", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755"));
  HOPYARD_TRY(make_device("/dev/null", 1, 3));
  HOPYARD_TRY(make_device("/dev/zero", 1, 5));
  HOPYARD_TRY(make_device("/dev/full", 1, 7));
  HOPYARD_TRY(make_device("/dev/random", 1, 8));
  HOPYARD_TRY(make_device("/dev/urandom", 1, 9));
  HOPYARD_TRY(make_device("/dev/tty", 5, 0));
  HOPYARD_TRY(make_path("/dev/shm", 01777));
  HOPYARD_TRY(make_path("/dev/pts", 0755));
  HOPYARD_TRY(sys::mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
                         "newinstance,ptmxmode=0666,mode=0620,gid=5"));
  HOPYARD_TRY(sys::make_link("pts/ptmx", sys::here(), "/dev/ptmx"));
  HOPYARD_TRY(sys::make_link("/proc/self/fd", sys::here(), "/dev/fd"));
  HOPYARD_TRY(sys::make_link("/proc/self/fd/0", sys::here(), "/dev/stdin"));
  HOPYARD_TRY(sys::make_link("/proc/self/fd/1", sys::here(), "/dev/stdout"));
  HOPYARD_TRY(sys::make_link("/proc/self/fd/2", sys::here(), "/dev/stderr"));
  if (!host.has_tun) return {};
  HOPYARD_TRY(make_path("/dev/net", 0755));
  return make_device("/dev/net/tun", 10, 200);
}

Result<> mount_own(const HostView& host) {
  HOPYARD_TRY(make_path("/proc", 0555));
  HOPYARD_TRY(sys::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC));
  HOPYARD_TRY(make_path("/sys", 0555));
  // Of this network namespace, since it is mounted in it; not to be written, for most of it is the host's.
  HOPYARD_TRY(sys::mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY));
  HOPYARD_TRY(make_path("/run", 0755));
  HOPYARD_TRY(sys::mount("run", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"));
  HOPYARD_TRY(make_path("/run/lock", 01777));
  HOPYARD_TRY(make_path("/tmp", 01777));
  HOPYARD_TRY(sys::mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"));
  return mount_dev(host);
}

}  // namespace

Result<> enter_machine_root(const MachinePlan& plan) {
  ::umask(0);
  HOPYARD_TAKE(root, mount_root(plan));
  HOPYARD_TRY(sys::change_root(root));
  HOPYARD_TRY(mount_own(plan.host));
  HOPYARD_TRY(write_given(plan.node.machine));
  for (const net::Service& service : plan.node.machine.services)
    if (!is_frr_daemon(service.name) && !is_unit_of_every_node(service.name) &&
        !gives(plan.node.machine, "/etc/init.d/" + service.name))
      HOPYARD_TRY(write_init_script(service.name));
  ::umask(022);
  return {};
}

}  // namespace hopyard::keeper
