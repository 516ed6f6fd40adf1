#include "app/version.hh"

#include <sys/utsname.h>

namespace hopyard::app {

Version version() {
  utsname names{};
  static_cast<void>(::uname(&names));  // cannot fail with a good pointer
#ifdef __SANITIZE_ADDRESS__
  const bool sanitized = true;
#else
  const bool sanitized = false;
#endif
  return {HOPYARD_VERSION, names.release, names.machine, sanitized};
}

}  // namespace hopyard::app
