#include "keeper/root.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>

#include "keeper/node_tools.hh"
#include "keeper/owners.hh"
#include "net/taps.hh"
#include "sys/file.hh"
#include "sys/mount.hh"
#include "sys/process.hh"
#include "sys/users.hh"

namespace hopyard::keeper {
namespace {

constexpr std::array<std::string_view, 15> disk_types{"ext2",   "ext3",    "ext4",  "xfs",      "btrfs",
                                                      "f2fs",   "zfs",     "jfs",   "bcachefs", "reiserfs",
                                                      "nilfs2", "overlay", "erofs", "9p",       "virtiofs"};
// What a node has for itself, what belongs to the host's machinery, and other programs' containers.
constexpr std::array<std::string_view, 14> not_below{"/proc",
                                                     "/sys",
                                                     "/dev",
                                                     "/run",
                                                     "/tmp",
                                                     "/boot",
                                                     "/snap",
                                                     "/efi",
                                                     "/var/run",
                                                     "/var/snap",
                                                     "/var/lib/docker",
                                                     "/var/lib/containers",
                                                     "/var/lib/lxd",
                                                     "/var/lib/kubelet"};

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

constexpr gid_t terminals = 5;  // Debian's group tty

constexpr const char* local_hosts =
    "127.0.0.1\tlocalhost\n"
    "::1\tlocalhost ip6-localhost ip6-loopback\n"
    "ff02::1\tip6-allnodes\n"
    "ff02::2\tip6-allrouters\n";

Result<> write_layer(const std::string& layer, const net::Desired& desired) {
  HOPYARD_TRY(sys::make_folder(sys::here(), layer, 0755));
  HOPYARD_TRY(sys::make_folder(sys::here(), layer + "/etc", 0755));
  HOPYARD_TRY(sys::write_file(sys::here(), layer + "/etc/hosts", local_hosts + desired.hosts));
  // The host's resolver, often on its own loopback, cannot be reached from here.
  return sys::write_file(sys::here(), layer + "/etc/resolv.conf", "# this node has no name server\n");
}

/// A daemon that goes on as a user of its own finds that this is root, where there is no other.
Result<> make_root_of_all(const std::string& etc) {
  for (const char* file : {"/passwd", "/group"})
    HOPYARD_TRY(sys::write_file(sys::here(), etc + file,
                                with_root_alone(sys::read_file(sys::here(), etc + file).value_or(""))));
  return {};
}

bool is_no_nodes_business(const std::string& path) {
  return std::ranges::any_of(not_below, [&](auto folder) { return is_below(path, folder); });
}

Result<> bind_host(const std::string& root, const std::string& mountinfo, HostView& view) {
  const std::string host = root + place::host;
  HOPYARD_TRY(sys::make_folder(sys::here(), host, 0755));
  HOPYARD_TRY(sys::bind("/", host));
  for (const std::string& point : node_file_systems(mountinfo))
    if (is_folder(point) && sys::bind(point, host + point))  // what root itself cannot see no node needs
      view.trees.push_back({point, host.substr(root.size()) + point});
  return {};
}

Result<> bind_host_whole(const std::string& root, const std::string& mountinfo, HostView& view) {
  const std::string host = root + place::host;
  HOPYARD_TRY(sys::make_folder(sys::here(), host, 0755));
  HOPYARD_TRY(sys::bind_all("/", host));
  for (sys::Mount& mount : sys::parse_mountinfo(mountinfo)) {
    if (mount.point != "/" && std::ranges::find(disk_types, mount.type) == disk_types.end())
      view.closed.push_back(mount.point);
    view.uncut.push_back(std::move(mount.point));
  }
  return {};
}

Result<> bind_roots(const std::string& root, const net::Desired& desired, HostView& view) {
  HOPYARD_TRY(sys::make_folder(sys::here(), root + place::roots, 0755));
  for (const net::Namespace& ns : desired.namespaces) {
    const std::string& folder = ns.machine.root;
    if (folder.empty() || std::ranges::find(view.roots, folder) != view.roots.end()) continue;
    const std::string target = fmt::format("{}{}/{}", root, place::roots, view.roots.size());
    HOPYARD_TRY(sys::make_folder(sys::here(), target, 0755));
    HOPYARD_TRY(sys::bind(folder, target));
    view.roots.push_back(folder);
  }
  return {};
}

// The devices of the host that the lab is built with: what is bound keeps the rights of its own mount.
Result<> bind_tun(const std::string& root, const HostView& view) {
  if (!view.has_tun) return {};
  HOPYARD_TRY(sys::make_folder(sys::here(), root + "/dev", 0755));
  HOPYARD_TRY(sys::make_folder(sys::here(), root + "/dev/net", 0755));
  HOPYARD_TRY(sys::write_file(sys::here(), root + "/dev/net/tun", ""));
  return sys::bind("/dev/net/tun", root + "/dev/net/tun");
}

bool has_taps(const net::Desired& desired) {
  return std::ranges::any_of(desired.namespaces, net::needs_taps);
}

/// Whether the host has a device. That this cannot be told is an error.
Result<bool> has_device(const std::string& path) {
  const auto device = sys::open_at(sys::here(), path, O_PATH);
  if (device) return true;
  const int code = device.error().code;
  if (code == ENOENT || code == ENOTDIR || code == EACCES) return false;
  return std::unexpected(device.error());
}

Result<> bind_files(const std::string& root, const net::Desired& desired, HostView& view) {
  HOPYARD_TRY(sys::make_folder(sys::here(), root + place::files, 0755));
  const auto show = [&](const std::string& path) -> Result<> {
    if (std::ranges::find(view.files, path) != view.files.end()) return {};
    const std::string target = fmt::format("{}{}/{}", root, place::files, view.files.size());
    HOPYARD_TRY(sys::write_file(sys::here(), target, ""));
    HOPYARD_TRY(sys::bind(path, target));
    view.files.push_back(path);
    return {};
  };
  for (const net::Namespace& ns : desired.namespaces) {
    for (const net::HostFile& file : ns.machine.host_files) HOPYARD_TRY(show(file.path));
    for (const std::string& device : ns.machine.host_devices) {
      HOPYARD_TAKE(there, has_device(device));
      if (there) HOPYARD_TRY(show(device));
    }
  }
  return {};
}

Result<> write_tools(const std::string& root, const HostView& view) {
  const std::string tools = root + place::tools;
  HOPYARD_TRY(sys::make_folder(sys::here(), tools, 0755));
  HOPYARD_TRY(write_node_tools(root + place::host, tools + "/0"));
  for (std::size_t i = 0; i < view.roots.size(); ++i)
    HOPYARD_TRY(
        write_node_tools(fmt::format("{}{}/{}", root, place::roots, i), fmt::format("{}/{}", tools, i + 1)));
  return {};
}

// Libraries that are loaded when they are needed (libnftables), and the files that those read
// (/etc/protocols, /etc/services), are found where they are on the host.
Result<> link_libraries(const std::string& root) {
  for (const std::string_view name : {"etc", "lib", "lib64", "usr"})
    HOPYARD_TRY(sys::make_link(fmt::format("{}/{}", place::host, name), sys::here(),
                               fmt::format("{}/{}", root, name)));
  return {};
}

}  // namespace

std::vector<std::string> node_file_systems(const std::string& mountinfo) {
  std::vector<std::string> points;
  for (const sys::Mount& mount : sys::parse_mountinfo(mountinfo)) {
    if (mount.point == "/" || std::ranges::find(disk_types, mount.type) == disk_types.end()) continue;
    if (is_no_nodes_business(mount.point)) continue;
    points.push_back(mount.point);
  }
  std::ranges::sort(points);  // a folder comes before what is below it
  const auto doubled = std::ranges::unique(points);
  points.erase(doubled.begin(), doubled.end());
  return points;
}

Result<HostView> enter_own_root(const net::Desired& desired, HostOwners owners, const std::string& folder) {
  HOPYARD_TAKE(mountinfo, sys::read_file(sys::here(), "/proc/self/mountinfo"));
  HostView view;
  view.owners = std::move(owners);
  view.own_users = !sys::in_first_user_namespace();
  view.has_ids = !view.own_users || sys::maps_group(terminals);
  HOPYARD_TAKE(has_tun, has_device("/dev/net/tun"));
  view.has_tun = has_tun;

  HOPYARD_TRY(sys::unshare(CLONE_NEWNS | CLONE_NEWIPC));
  HOPYARD_TRY(sys::make_mounts_private());
  HOPYARD_TRY(sys::mount("hopyard", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"));
  HOPYARD_TRY(write_layer(folder + place::layer, desired));
  HOPYARD_TRY(sys::make_folder(sys::here(), folder + place::nodes, 0755));
  HOPYARD_TRY(view.own_users ? bind_host_whole(folder, mountinfo, view) : bind_host(folder, mountinfo, view));
  HOPYARD_TRY(link_libraries(folder));
  HOPYARD_TRY(bind_roots(folder, desired, view));
  HOPYARD_TRY(bind_files(folder, desired, view));
  if (has_taps(desired)) HOPYARD_TRY(bind_tun(folder, view));
  HOPYARD_TRY(write_tools(folder, view));
  HOPYARD_TRY(sys::make_folder(sys::here(), folder + "/proc", 0555));
  HOPYARD_TRY(sys::mount("proc", folder + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC));
  HOPYARD_TRY(sys::change_root(folder));
  return view;
}

Result<> cut_host(HostView& view) {
  if (view.uncut.empty()) return {};
  std::error_code gone;  // of a try before, which failed
  for (const char* begun : {place::pieces, place::copies, place::hiding})
    std::filesystem::remove_all(begun, gone);
  HOPYARD_TAKE(pieces, cut_in_pieces({"", view.uncut, view.closed, is_no_nodes_business},
                                     Copier(view.owners, view.has_ids)));
  if (!view.has_ids) HOPYARD_TRY(make_root_of_all(pieces.root + "/etc"));
  view.base = std::move(pieces.root);
  view.trees = std::move(pieces.trees);
  view.uncut.clear();
  view.owners = {};
  return {};
}

}  // namespace hopyard::keeper
