#include "keeper/machine_proc.hh"

#include <fcntl.h>
#include <sys/mount.h>

#include <cerrno>
#include <string>

#include "sys/file.hh"
#include "sys/mount.hh"

namespace hopyard::keeper {
namespace {

// What root may write there; of it a kernel has only some (proc(5)).
constexpr const char* of_the_machine[] = {
    "/proc/sys",  "/proc/sysrq-trigger", "/proc/irq",  "/proc/bus", "/proc/fs",
    "/proc/acpi", "/proc/dynamic_debug", "/proc/scsi", "/proc/mtrr"};
constexpr const char* of_the_node = "/proc/sys/net";

}  // namespace

Result<> shield_proc(const std::string& root) {
  HOPYARD_TAKE(settings, sys::open_at(sys::here(), root + of_the_node, O_PATH | O_DIRECTORY));
  HOPYARD_TAKE(writable, sys::clone_mount(settings.get()));
  for (const char* name : of_the_machine) {
    const std::string path = root + name;
    const auto bound = sys::bind(path, path);
    if (!bound && bound.error().code == ENOENT) continue;
    HOPYARD_TRY(bound);
    HOPYARD_TRY(sys::mount("none", path, "none",
                           MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC));
  }
  return sys::attach_mount(writable, root + of_the_node);
}

}  // namespace hopyard::keeper
