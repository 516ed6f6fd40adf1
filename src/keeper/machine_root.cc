#include "keeper/machine_root.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>

#include "keeper/disk_image.hh"
#include "keeper/frr_daemons.hh"
#include "keeper/known_daemons.hh"
#include "keeper/machine_files.hh"
#include "keeper/machine_proc.hh"
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

/// The top of an overlay is what its upper folder is: the owner and mode of the host's.
Result<> take_after(const Tree& tree, const std::string& upper, const MachinePlan& plan) {
  struct stat status {};
  if (::stat(tree.lower.c_str(), &status) != 0) return {};
  const HostOwners::Owner owner =
      plan.host.own_users ? tree.owner : HostOwners::Owner{status.st_uid, status.st_gid};
  if (owner.user != 0 || owner.group != 0)
    static_cast<void>(!::chown(upper.c_str(), owner.user, owner.group));
  if (::chmod(upper.c_str(), status.st_mode & 07777) != 0) return failure("set the mode of", upper, errno);
  return {};
}

// One overlay with its two work folders, which lie beside each other under @p work. In a user namespace it
// keeps its notes in attributes that a user may write.
Result<> overlay(const std::string& lower, const std::string& work, const std::string& target,
                 const MachinePlan& plan, const Tree* tree = nullptr) {
  HOPYARD_TRY(make_path(work + "u", 0755));
  if (tree != nullptr) HOPYARD_TRY(take_after(*tree, work + "u", plan));
  HOPYARD_TRY(make_path(work + "w", 0755));
  return sys::mount("overlay", target, "overlay", MS_NODEV,
                    fmt::format("lowerdir={},upperdir={}u,workdir={}w{}", lower, work, work,
                                plan.host.own_users ? ",userxattr" : ""));
}

// Written below the overlay, where it costs no copying up: that of "/", or of /etc where that is one of its
// own.
Result<> write_hostname(const MachinePlan& plan, const std::string& own) {
  std::string folder = own + "/u";
  HOPYARD_TRY(make_path(folder, 0755));
  const auto etc = std::ranges::find(plan.host.trees, "/etc", &Tree::point);
  if (plan.node.machine.root.empty() && etc != plan.host.trees.end())
    folder = fmt::format("{}/{}u", own, etc - plan.host.trees.begin());
  else
    folder += "/etc";
  HOPYARD_TRY(make_path(folder, 0755));
  return sys::write_file(sys::here(), folder + "/hostname", hostname_of(plan.node) + '\n');
}

Result<std::string> mount_root(const MachinePlan& plan) {
  const std::string own = fmt::format("{}/{}", place::nodes, plan.number);
  const std::string root = own + "/root";
  const std::string& given = plan.node.machine.root;
  HOPYARD_TRY(make_path(own, 0755));
  HOPYARD_TRY(make_path(root, 0755));
  HOPYARD_TRY(write_hostname(plan, own));
  std::string lower = fmt::format("{}/0:{}:{}", place::tools, place::layer, plan.host.base);
  if (!given.empty()) {
    const auto number = std::ranges::find(plan.host.roots, given) - plan.host.roots.begin();
    lower = fmt::format("{}/{}:{}:{}/{}", place::tools, number + 1, place::layer, place::roots, number);
  }
  HOPYARD_TRY(overlay(lower, own + '/', root, plan));
  if (!given.empty()) return root;
  for (std::size_t i = 0; i < plan.host.trees.size(); ++i) {
    const Tree& tree = plan.host.trees[i];
    std::string below = escaped(tree.lower);
    for (const std::string& above :
         {place::hiding + tree.point, place::copies + tree.point, place::layer + tree.point,
          fmt::format("{}/0{}", place::tools, tree.point)})
      if (sys::open_folder(sys::here(), above)) below.insert(0, escaped(above) + ':');
    HOPYARD_TRY(overlay(below, fmt::format("{}/{}", own, i), root + tree.point, plan, &tree));
  }
  return root;
}

Result<> make_device(const char* name, unsigned major_number, unsigned minor_number) {
  if (::mknod(name, S_IFCHR | 0666, makedev(major_number, minor_number)) != 0)
    return failure("create", name, errno);
  return {};
}

/// The devices that every node has (Linux allocated devices, admin-guide/devices.txt).
struct Usual {
  const char* name;
  unsigned major_number;
  unsigned minor_number;
};
constexpr std::array usual_devices{Usual{"/dev/null", 1, 3},    Usual{"/dev/zero", 1, 5},
                                   Usual{"/dev/full", 1, 7},    Usual{"/dev/random", 1, 8},
                                   Usual{"/dev/urandom", 1, 9}, Usual{"/dev/tty", 5, 0}};
constexpr Usual tun_device{"/dev/net/tun", 10, 200};

// Devices and links.
Result<> mount_dev(const HostView& host) {
  HOPYARD_TRY(make_path("/dev", 0755));
  HOPYARD_TRY(sys::mount("dev", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755"));
  if (!host.own_users)
    for (const Usual& one : usual_devices)
      HOPYARD_TRY(make_device(one.name, one.major_number, one.minor_number));
  HOPYARD_TRY(make_path("/dev/shm", 01777));
  HOPYARD_TRY(make_path("/dev/pts", 0755));
  HOPYARD_TRY(sys::mount(
      "devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
      host.has_ids ? "newinstance,ptmxmode=0666,mode=0620,gid=5" : "newinstance,ptmxmode=0666,mode=0600"));
  HOPYARD_TRY(sys::make_link("pts/ptmx", sys::here(), "/dev/ptmx"));
  HOPYARD_TRY(sys::make_link("/proc/self/fd", sys::here(), "/dev/fd"));
  HOPYARD_TRY(sys::make_link("/proc/self/fd/0", sys::here(), "/dev/stdin"));
  HOPYARD_TRY(sys::make_link("/proc/self/fd/1", sys::here(), "/dev/stdout"));
  HOPYARD_TRY(sys::make_link("/proc/self/fd/2", sys::here(), "/dev/stderr"));
  if (!host.has_tun) return {};
  HOPYARD_TRY(make_path("/dev/net", 0755));
  if (host.own_users) return {};
  return make_device(tun_device.name, tun_device.major_number, tun_device.minor_number);
}

// What the kernel tells. While the old root is still there: in a user namespace these two may be mounted only
// by who can see all of the same kind already (mount_namespaces(7), mount_too_revealing() of the kernel).
Result<> mount_kernel(const std::string& root, const HostView& host) {
  HOPYARD_TRY(make_path(root + "/proc", 0555));
  HOPYARD_TRY(sys::mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC));
  HOPYARD_TRY(shield_proc(root));
  HOPYARD_TRY(make_path(root + "/sys", 0555));
  // Of this network namespace, since it is mounted in it; not to be written, for most of it is the host's.
  const auto shown =
      sys::mount("sysfs", root + "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY);
  return shown || host.own_users ? Result<>()
                                 : shown;  // such a node has none where the host hides a part of its own
}

Result<> mount_own(const HostView& host) {
  HOPYARD_TRY(make_path("/run", 0755));
  HOPYARD_TRY(sys::mount("run", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"));
  HOPYARD_TRY(make_path("/run/lock", 01777));
  HOPYARD_TRY(make_path("/tmp", 01777));
  HOPYARD_TRY(sys::mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"));
  return mount_dev(host);
}

/// A file of the host, held while the root changes.
struct HeldFile {
  sys::Fd mount;
  std::string at;
  bool is_device;
};

Result<> hold(const MachinePlan& plan, const std::string& path, const std::string& at, bool is_device,
              std::vector<HeldFile>& files) {
  const auto found = std::ranges::find(plan.host.files, path);
  if (found == plan.host.files.end()) return {};  // a device that the host has not
  const std::string name = fmt::format("{}/{}", place::files, found - plan.host.files.begin());
  HOPYARD_TAKE(file, sys::open_at(sys::here(), name, O_PATH));
  HOPYARD_TAKE(mount, sys::clone_mount(file.get()));
  files.push_back({std::move(mount), at, is_device});
  return {};
}

// One that nobody may make here.
Result<> hold_device(const char* name, std::vector<HeldFile>& files) {
  HOPYARD_TAKE(file, sys::open_at(sys::here(), std::string(place::host) + name, O_PATH));
  HOPYARD_TAKE(mount, sys::clone_mount(file.get()));
  files.push_back({std::move(mount), name, true});
  return {};
}

Result<std::vector<HeldFile>> hold_files(const MachinePlan& plan) {
  std::vector<HeldFile> files;
  for (const net::HostFile& file : plan.node.machine.host_files)
    HOPYARD_TRY(hold(plan, file.path, file.at, false, files));
  for (const std::string& device : plan.node.machine.host_devices)
    HOPYARD_TRY(hold(plan, device, device, true, files));
  if (!plan.host.own_users) return files;
  for (const Usual& one : usual_devices) HOPYARD_TRY(hold_device(one.name, files));
  if (plan.host.has_tun) HOPYARD_TRY(hold_device(tun_device.name, files));
  return files;
}

Result<> show_files(const std::vector<HeldFile>& files) {
  for (const HeldFile& file : files) {
    HOPYARD_TRY(sys::write_file(sys::here(), file.at, ""));
    HOPYARD_TRY(sys::attach_mount(file.mount, file.at));
    if (!file.is_device)
      HOPYARD_TRY(
          sys::mount("none", file.at, "none", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV));
  }
  return {};
}

}  // namespace

Result<> enter_machine_root(const MachinePlan& plan) {
  ::umask(0);
  HOPYARD_TAKE(root, mount_root(plan));
  HOPYARD_TAKE(files, hold_files(plan));
  HOPYARD_TRY(mount_kernel(root, plan.host));
  HOPYARD_TRY(sys::change_root(root));
  HOPYARD_TRY(mount_own(plan.host));
  HOPYARD_TRY(write_given(plan.node.machine));
  HOPYARD_TRY(show_files(files));
  for (const net::DiskImage& image : plan.node.machine.disk_images) HOPYARD_TRY(write_disk_image(image));
  for (const net::Service& service : plan.node.machine.services)
    if (!is_frr_daemon(service.name) && !is_unit_of_every_node(service.name) &&
        !gives(plan.node.machine, "/etc/init.d/" + service.name))
      HOPYARD_TRY(write_init_script(service.name));
  ::umask(022);
  return {};
}

}  // namespace hopyard::keeper
