#include <sys/utsname.h>

#include "app/doctor.hh"
#include "kernel/features.hh"

namespace hopyard::app {
namespace {

Finding release() {
  utsname names{};
  static_cast<void>(::uname(&names));  // cannot fail with a good pointer
  return {"kernel", "Linux", Health::Good, names.release, "what every namespace of every lab runs on",
          {},       false};
}

Finding finding(const kernel::Feature& feature) {
  Finding found{"kernel", feature.name, Health::Good, "present", "without it: " + feature.meaning, {}, false};
  if (feature.present) return found;
  found.health = Health::Missing;
  found.value = feature.words.empty() ? "absent" : feature.words;
  found.remedy = feature.remedy;
  found.essential = feature.option == "CONFIG_VETH";
  return found;
}

}  // namespace

void examine_kernel(Doctor& doctor) {
  doctor.findings.push_back(release());
  const auto features = kernel::probe_all();
  if (!features) {
    doctor.findings.push_back({"kernel", "network namespaces", Health::Missing, features.error().text(),
                               "nothing else of the kernel can be asked without one",
                               "see user namespaces, or run hopyard doctor as root", true});
    return;
  }
  for (const kernel::Feature& feature : *features) doctor.findings.push_back(finding(feature));
}

}  // namespace hopyard::app
