#include "keeper/own_users.hh"

#include <fmt/format.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "keeper/way_out.hh"
#include "sys/file.hh"
#include "sys/netns.hh"
#include "sys/process.hh"
#include "sys/users.hh"

namespace hopyard::keeper {
namespace {

bool has_capability(unsigned capability) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> data{};
  return ::syscall(SYS_capget, &header, data.data()) == 0 &&
         (data[capability / 32].effective >> (capability % 32) & 1U) != 0;
}

constexpr const char* load_profile =
    "as root: install hopyard (make install), whose AppArmor profile is for the program in /usr/local/bin or "
    "/usr/bin, "
    "and load that: apparmor_parser -r /etc/apparmor.d/hopyard";

/// A setting of the kernel or of a distribution that forbids user namespaces, and what to do about it.
struct Bar {
  const char* file;
  const char* bars;  ///< its value then
  const char* remedy;
};
constexpr std::array bars{
    Bar{"/proc/sys/kernel/unprivileged_userns_clone", "0",
        "as root: sysctl -w kernel.unprivileged_userns_clone=1, and a line in /etc/sysctl.d for the next "
        "boot"},
    Bar{"/proc/sys/user/max_user_namespaces", "0",
        "as root: sysctl -w user.max_user_namespaces=15000, and a line in /etc/sysctl.d for the next boot"},
    Bar{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", load_profile},
};

/// The AppArmor profile that this process is held to (apparmor(7)); "" where there is none.
std::string confining_profile() {
  constexpr std::string_view enforced = " (enforce)";
  const auto text = sys::read_file(sys::here(), "/proc/self/attr/apparmor/current");
  const std::size_t end = text ? text->rfind(enforced) : std::string::npos;
  return end == std::string::npos ? "" : text->substr(0, end);
}

/// Of a user namespace, or of ids in it, and not the lack of a descriptor on the way (unshare(2),
/// user_namespaces(7)).
bool is_refusal(int code) {
  constexpr std::array refusals{EPERM, EACCES, EINVAL, ENOSYS, ENOSPC, EUSERS};
  return std::ranges::find(refusals, code) != refusals.end();
}

Error refused(int code) {
  for (const Bar& bar : bars) {
    const auto value = sys::read_file(sys::here(), bar.file);
    if (value && value->substr(0, value->find('\n')) == bar.bars)
      return {"make a lab without being root", "", 0,
              fmt::format("{} is {}, which forbids user namespaces", bar.file, bar.bars), bar.remedy};
  }
  if (const std::string profile = confining_profile(); code == EACCES && !profile.empty())
    return {
        "make a lab without being root", "", code,
        fmt::format("the AppArmor profile '{}', which hopyard runs under, forbids user namespaces", profile),
        fmt::format("as root: give it the rule 'userns,'; or {}", load_profile)};
  return {"make a lab without being root", "", code, "this kernel makes no user namespaces for you",
          "CONFIG_USER_NS, and in a container its permission; or run as root"};
}

}  // namespace

Result<> check_own_users_suffice(const net::Desired& desired) {
  const std::string doing = "make a lab without being root";
  for (const net::Namespace& ns : desired.namespaces) {
    if (ns.adopted.empty() || ns.way_out) continue;
    const bool between = ns.role == net::Namespace::Role::Between;
    return refusal(doing,
                   between ? "links between machines end at interfaces of the host"
                   : ns.adopted == net::host_namespace
                       ? fmt::format("external node {} is an interface of the host", ns.name)
                       : fmt::format("node {} is a container of the host", ns.name),
                   between ? "run as root" : "run as root, or leave that node out");
  }
  if (desired.merges_memory)
    return refusal(doing, "'memory: merge' is a setting of the whole machine", "run as root, or memory: own");
  return WayOut::check(desired);
}

bool needs_own_users() {
  return !has_capability(CAP_SYS_ADMIN) || !has_capability(CAP_NET_ADMIN);
}

Result<sys::Mapping> enter_own_users() {
  auto mapping = sys::unshare_users();
  if (!mapping && !is_refusal(mapping.error().code)) return mapping;
  if (!mapping) return std::unexpected(refused(mapping.error().code));
  // Ubuntu's AppArmor lets the namespace be made, and takes every right in it away.
  if (needs_own_users()) return std::unexpected(refused(EPERM));
  return mapping;
}

Result<> enter_users_of(pid_t keeper) {
  const bool shares_users = sys::shares_namespace(keeper, "user");
  if (shares_users && (sys::in_first_user_namespace() || sys::shares_namespace(keeper, "net"))) return {};
  HOPYARD_TAKE(process, sys::pidfd_open(keeper));
  if (const Result<> entered = sys::setns(process.get(), CLONE_NEWNET | (shares_users ? 0 : CLONE_NEWUSER));
      !entered)
    return failure("enter the user namespace of the lab", "", entered.error().code,
                   entered.error().code == EPERM ? "it belongs to another user" : "");
  if (!shares_users) HOPYARD_TRY(sys::become_root());
  // With the mounts its own as well, the caller may show its terminal to a node.
  return sys::unshare(CLONE_NEWNS);
}

}  // namespace hopyard::keeper
