#include "sys/procfs.hh"

#include <fcntl.h>
#include <sys/mount.h>

#include <array>
#include <cerrno>

#include "sys/file.hh"

namespace hopyard::sys {
namespace {

Fd detached() {
  const Fd context(::fsopen("proc", FSOPEN_CLOEXEC));
  if (!context || ::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) return {};
  return Fd(::fsmount(context.get(), FSMOUNT_CLOEXEC, 0));
}

}  // namespace

Result<Procfs> Procfs::open() {
  Fd root = detached();
  if (!root) root = Fd(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return failure("open procfs", "/proc", errno);
  return Procfs(std::move(root));
}

Result<> Procfs::write(const std::string& path, std::string_view text) const {
  const Fd file(::openat(root_.get(), path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return failure("open", "/proc/" + path, errno);
  if (::write(file.get(), text.data(), text.size()) < 0) return failure("write", "/proc/" + path, errno);
  return {};
}

Result<std::string> Procfs::read(const std::string& path) const {
  const Fd file(::openat(root_.get(), path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return failure("open", "/proc/" + path, errno);
  std::string text;
  std::array<char, 1024> piece;
  for (;;) {
    const ssize_t count = ::read(file.get(), piece.data(), piece.size());
    if (count < 0) return failure("read", "/proc/" + path, errno);
    if (count == 0) break;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<std::vector<std::string>> Procfs::list(const std::string& path) const {
  const Fd folder(::openat(root_.get(), path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return failure("open", "/proc/" + path, errno);
  return list_folder(folder.get());
}

}  // namespace hopyard::sys
