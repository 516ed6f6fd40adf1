#include "keeper/root.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "keeper/node_tools.hh"
#include "sys/file.hh"
#include "sys/mount.hh"
#include "sys/process.hh"

namespace hopyard::keeper {
namespace {

constexpr std::array<std::string_view, 16> disk_types{
    "ext2",     "ext3",     "ext4",   "xfs",     "btrfs", "f2fs", "zfs", "jfs",
    "bcachefs", "reiserfs", "nilfs2", "overlay", "erofs", "vfat", "9p",  "virtiofs"};
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

Result<> bind_host(const std::string& root, HostView& view) {
  const std::string host = root + place::host;
  HOPYARD_TRY(sys::make_folder(sys::here(), host, 0755));
  HOPYARD_TRY(sys::bind("/", host));
  std::erase_if(view.file_systems, [&](const std::string& point) {
    return !is_folder(point) || !sys::bind(point, host + point);  // what root itself cannot see no node needs
  });
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
    if (std::ranges::any_of(not_below, [&](auto folder) { return is_below(mount.point, folder); })) continue;
    points.push_back(mount.point);
  }
  std::ranges::sort(points);  // a folder comes before what is below it
  const auto doubled = std::ranges::unique(points);
  points.erase(doubled.begin(), doubled.end());
  return points;
}

Result<HostView> enter_own_root(const net::Desired& desired, const std::string& folder) {
  HOPYARD_TAKE(mountinfo, sys::read_file(sys::here(), "/proc/self/mountinfo"));
  HostView view;
  view.file_systems = node_file_systems(mountinfo);
  view.has_tun = sys::open_at(sys::here(), "/dev/net/tun", O_PATH).has_value();

  HOPYARD_TRY(sys::unshare(CLONE_NEWNS | CLONE_NEWIPC));
  HOPYARD_TRY(sys::make_mounts_private());
  HOPYARD_TRY(sys::mount("hopyard", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"));
  HOPYARD_TRY(write_layer(folder + place::layer, desired));
  HOPYARD_TRY(sys::make_folder(sys::here(), folder + place::nodes, 0755));
  HOPYARD_TRY(bind_host(folder, view));
  HOPYARD_TRY(link_libraries(folder));
  HOPYARD_TRY(bind_roots(folder, desired, view));
  HOPYARD_TRY(write_tools(folder, view));
  HOPYARD_TRY(sys::make_folder(sys::here(), folder + "/proc", 0555));
  HOPYARD_TRY(sys::mount("proc", folder + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC));
  HOPYARD_TRY(sys::change_root(folder));
  return view;
}

}  // namespace hopyard::keeper
