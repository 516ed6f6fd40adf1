#include "kernel/modules.hh"

#include <fcntl.h>
#include <sys/utsname.h>

#include "sys/file.hh"

namespace hopyard::kernel {

bool waits_to_be_loaded(const std::string& module) {
  if (sys::open_at(sys::here(), "/sys/module/" + module, O_PATH)) return false;
  utsname name{};
  if (::uname(&name) != 0) return false;
  const auto files =
      sys::read_file(sys::here(), std::string("/lib/modules/") + name.release + "/modules.dep");
  return files && files->find('/' + module + ".ko") != std::string::npos;
}

}  // namespace hopyard::kernel
