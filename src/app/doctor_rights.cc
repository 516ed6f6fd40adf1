#include <unistd.h>

#include "app/doctor.hh"

namespace hopyard::app {
namespace {

Finding root() {
  const bool is_root = ::geteuid() == 0;
  return {"rights",
          "root",
          is_root ? Health::Good : Health::Missing,
          is_root ? "yes" : "no",
          "making namespaces and links takes CAP_SYS_ADMIN and CAP_NET_ADMIN",
          is_root ? "" : "run hopyard as root",
          true};
}

Finding user_namespaces() {
  Finding finding{"rights",
                  "user namespaces",
                  Health::Good,
                  "any user may make them",
                  "what rootless tools inside a lab need",
                  {},
                  false};
  const auto most = number_in("/proc/sys/user/max_user_namespaces");
  const auto allowed = number_in("/proc/sys/kernel/unprivileged_userns_clone");  // Debian's own switch
  const auto confined = number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
  if (!most) {
    finding.value = "absent";
    finding.remedy = "a kernel with CONFIG_USER_NS";
  } else if (*most == 0) {
    finding.value = "none allowed";
    finding.remedy = "sysctl -w user.max_user_namespaces=10000";
  } else if (allowed == 0) {
    finding.value = "root only";
    finding.remedy = "sysctl -w kernel.unprivileged_userns_clone=1";
  } else if (confined.value_or(0) != 0) {
    finding.value = "restricted by AppArmor";
    finding.remedy = "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or a profile for the program";
  }
  if (!finding.remedy.empty()) finding.health = Health::Note;
  return finding;
}

}  // namespace

void examine_rights(Doctor& doctor) {
  doctor.findings.push_back(root());
  doctor.findings.push_back(user_namespaces());
}

}  // namespace hopyard::app
