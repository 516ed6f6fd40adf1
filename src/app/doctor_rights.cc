#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <sstream>

#include "app/doctor.hh"
#include "app/files.hh"
#include "keeper/own_users.hh"
#include "keeper/way_out_programs.hh"
#include "sys/fd.hh"
#include "sys/netns.hh"

namespace hopyard::app {
namespace {

constexpr const char* section = "rights";

Finding root(bool is_root) {
  return {section,
          "root",
          is_root ? Health::Good : Health::Note,
          is_root ? "yes" : "no",
          is_root ? "labs may have containers and interfaces of the host in them"
                  : "labs are made in user namespaces, without containers and interfaces of the host",
          "",
          false};
}

Finding user_namespaces_for_root() {
  const auto most = number_in("/proc/sys/user/max_user_namespaces");
  const bool good = most.value_or(0) != 0;
  return {section,
          "user namespaces",
          good ? Health::Good : Health::Note,
          !most  ? "absent"
          : good ? "the kernel has them"
                 : "none allowed",
          "what labs of others than root need, and rootless tools inside a lab",
          good    ? ""
          : !most ? "a kernel with CONFIG_USER_NS"
                  : "sysctl -w user.max_user_namespaces=15000",
          false};
}

/// Whether a node can remove a folder of the host's that has something in it. The overlay of another's than
/// root notes that in attributes of a tmpfs ("userxattr" of Documentation/filesystems/overlayfs.rst), which
/// are there for all since Linux 6.6. A memfd is on one.
/// @return nothing where it could not be tried.
std::optional<Finding> folders_of_the_host() {
  const sys::Fd file(::memfd_create("hopyard", MFD_CLOEXEC));
  const bool good = file && ::fsetxattr(file.get(), "user.overlay.opaque", "y", 1, 0) == 0;
  if (!good && (!file || errno != EOPNOTSUPP)) return std::nullopt;
  return Finding{
      section,
      "folders of the host",
      good ? Health::Good : Health::Note,
      good ? "nodes remove them" : "nodes remove empty ones only",
      good ? "rm -r in a node, which leaves the host's own as they are"
           : "rm -r in a node says 'Input/output error' of a folder that the host has, and the folder stays",
      good ? "" : "Linux 6.6 or later, or labs of root",
      false};
}

/// From here on the process is in the user namespace, if there can be one.
void enter_user_namespace(Doctor& doctor) {
  const auto mapping = keeper::enter_own_users();
  Finding users{
      section, "user namespaces", Health::Good, "may be made", "who is not root makes labs in one", {}, true};
  if (!mapping) {
    users.health = Health::Missing;
    users.value = mapping.error().detail;
    users.remedy = mapping.error().remedy;
  }
  doctor.findings.push_back(std::move(users));
  if (!mapping || !sys::unshare_netns())
    return;  // a network of its own is what one comes back to from asking
  if (auto folders = folders_of_the_host()) doctor.findings.push_back(*std::move(folders));
  const bool whole = mapping->whole;
  doctor.findings.push_back(
      {section, "subordinate ids", whole ? Health::Good : Health::Note, whole ? "mapped" : "none",
       whole ? "daemons run as users of their own"
             : "every user of a node is root: daemons that insist on another one will not run",
       whole ? ""
             : "apt-get install uidmap; as root: usermod --add-subuids 100000-165535 --add-subgids "
               "100000-165535 USER",
       false});
}

Finding way_out() {
  const auto program = keeper::find_way_out_program();
  const bool tun = ::access("/dev/net/tun", R_OK | W_OK) == 0;
  const bool pasta = program == keeper::WayOutProgram::Pasta;
  std::string remedy;
  if (!pasta) remedy = "apt-get install passt";
  if (!tun) remedy = "as root: modprobe tun; chmod 0666 /dev/net/tun";
  return {section,
          "way out",
          remedy.empty() ? Health::Good : Health::Note,
          !tun       ? "/dev/net/tun is closed"
          : !program ? "no program"
          : pasta    ? "pasta"
                     : "slirp4netns, by IPv4 and without ports that lead in",
          "by it nodes with 'uplink' reach the network of the host",
          std::move(remedy),
          false};
}

/// Who may ask for echoes without a right to (icmp(7), ping_group_range).
Finding echo_requests(gid_t group) {
  std::istringstream range(read_file("/proc/sys/net/ipv4/ping_group_range").value_or(""));
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  range >> first >> last;
  const bool may = group >= first && group <= last;
  return {section,
          "echo requests",
          may ? Health::Good : Health::Note,
          may ? "may be sent" : "may not be sent",
          "ping by an 'uplink'; within labs it is always allowed",
          may ? "" : "as root: sysctl -w net.ipv4.ping_group_range='0 2147483647'",
          false};
}

}  // namespace

void examine_rights(Doctor& doctor) {
  const bool is_root = !keeper::needs_own_users();
  doctor.findings.push_back(root(is_root));
  if (is_root) return doctor.findings.push_back(user_namespaces_for_root());
  doctor.findings.push_back(way_out());
  doctor.findings.push_back(echo_requests(::getegid()));
  enter_user_namespace(doctor);
}

}  // namespace hopyard::app
