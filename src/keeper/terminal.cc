#include "keeper/terminal.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "sys/file.hh"
#include "sys/mount.hh"

namespace hopyard::keeper {
namespace {

constexpr std::array standard{STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};

bool same_device(int one, int other) {
  struct stat a {};
  struct stat b {};
  return ::fstat(one, &a) == 0 && ::fstat(other, &b) == 0 && S_ISCHR(a.st_mode) && a.st_rdev == b.st_rdev &&
         a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// The terminal's file. One that was opened before the caller got mounts of its own is on none of them: it is
/// opened anew.
sys::Fd file_of(int number) {
  std::array<char, 64> name{};
  if (::ttyname_r(number, name.data(), name.size()) != 0) return {};
  auto file = sys::open_at(sys::here(), name.data(), O_PATH | O_NOFOLLOW);
  return file && same_device(number, file->get()) ? std::move(*file) : sys::Fd();
}

}  // namespace

int standard_terminal() {
  for (const int number : standard) {
    if (::isatty(number) != 0) return number;
  }
  return -1;
}

Terminal Terminal::of_caller() {
  Terminal terminal;
  if (const int number = standard_terminal(); number >= 0) {
    if (const sys::Fd file = file_of(number))
      if (auto mount = sys::clone_mount(file.get())) terminal.mount_ = std::move(*mount);
  }
  return terminal;
}

void Terminal::appear() {
  if (!mount_) return;
  std::string name =
      fmt::format("/dev/tty.{}", ::getpid());  // of the node's pid namespace: nobody else has it
  if (!sys::open_at(sys::here(), name, O_WRONLY | O_CREAT | O_EXCL, 0600)) return;
  name_ = std::move(name);
  if (!sys::attach_mount(mount_, name_)) return vanish();
  const auto file = sys::open_at(sys::here(), name_, O_RDWR | O_NOCTTY);
  if (!file) return vanish();
  for (const int number : standard) {
    if (same_device(number, file->get())) ::dup2(file->get(), number);
  }
}

void Terminal::vanish() {
  if (name_.empty()) return;
  static_cast<void>(sys::unmount(name_));
  static_cast<void>(sys::remove(sys::here(), name_));
  name_.clear();
}

}  // namespace hopyard::keeper
