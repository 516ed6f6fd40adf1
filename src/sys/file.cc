#include "sys/file.hh"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <memory>

namespace hopyard::sys {

int here() {
  return AT_FDCWD;
}

Result<Fd> open_at(int folder, const std::string& path, int flags, mode_t mode) {
  Fd fd(::openat(folder, path.c_str(), flags | O_CLOEXEC, mode));
  if (!fd) return failure("open", path, errno);
  return fd;
}

Result<Fd> open_in_root(int root, const std::string& path, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  how.mode = mode;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  Fd fd(static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
  if (!fd) return failure("open", path, errno);
  return fd;
}

Result<Fd> open_folder(int folder, const std::string& path) {
  return open_at(folder, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

Result<> make_folder(int folder, const std::string& path, mode_t mode) {
  if (::mkdirat(folder, path.c_str(), mode) != 0 && errno != EEXIST)
    return failure("create folder", path, errno);
  return {};
}

Result<Fd> make_folders_in_root(int root, std::string_view path, mode_t mode) {
  Result<Fd> at = open_in_root(root, ".", O_PATH | O_DIRECTORY);
  std::string done;
  while (at && !path.empty()) {
    const std::size_t end = path.find('/');
    const std::string part(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
    if (part.empty()) continue;
    HOPYARD_TRY(make_folder(at->get(), part, mode));
    done += '/' + part;
    // Walked from the root each time: a link on the way may point upwards, and must still end within the
    // root.
    at = open_in_root(root, done, O_PATH | O_DIRECTORY);
  }
  return at;
}

Result<> remove(int folder, const std::string& path, int flags) {
  if (::unlinkat(folder, path.c_str(), flags) != 0 && errno != ENOENT) return failure("remove", path, errno);
  return {};
}

Result<> make_link(const std::string& target, int folder, const std::string& path) {
  if (::symlinkat(target.c_str(), folder, path.c_str()) != 0) return failure("create link", path, errno);
  return {};
}

Result<std::string> read_file(int folder, const std::string& path) {
  HOPYARD_TAKE(file, open_at(folder, path, O_RDONLY));
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    const ssize_t count = ::read(file.get(), piece.data(), piece.size());
    if (count < 0) return failure("read", path, errno);
    if (count == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
}

Result<std::optional<std::string>> read_if_there(int folder, const std::string& path) {
  auto text = read_file(folder, path);
  if (text) return std::move(*text);
  if (text.error().code == ENOENT) return std::nullopt;
  return pass_on(std::move(text));
}

Result<> write_file(int folder, const std::string& path, std::string_view text, mode_t mode) {
  HOPYARD_TAKE(file, open_at(folder, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode));
  return write_all(file.get(), text, path);
}

Result<> open_standard_files() {
  for (;;) {
    Fd null(::open("/dev/null", O_RDWR));
    if (!null) return failure("open", "/dev/null", errno);
    if (null.get() > STDERR_FILENO) return {};
    static_cast<void>(null.release());
  }
}

Result<> write_all(int descriptor, std::string_view text, const std::string& object) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("write", object, errno);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::vector<std::string>> list_folder(int descriptor) {
  HOPYARD_TAKE(own, open_at(descriptor, ".", O_RDONLY | O_DIRECTORY));
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(own.get()), ::closedir);
  if (!folder) return failure("read a folder", "", errno);
  static_cast<void>(own.release());
  std::vector<std::string> names;
  for (;;) {
    errno = 0;  // the end looks like an error else
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr && errno != 0) return failure("read a folder", "", errno);
    if (entry == nullptr) return names;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
}

Result<> lock(int descriptor) {
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno != EINTR) return failure("lock", "", errno);
  }
  return {};
}

Result<bool> try_lock(int descriptor) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  return failure("lock", "", errno);
}

void unlock(int descriptor) {
  ::flock(descriptor, LOCK_UN);
}

namespace {

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

}  // namespace

Result<Fd> duplicate(int descriptor) {
  Fd copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (!copy) return failure("copy a descriptor", "", errno);
  return copy;
}

Result<std::uint64_t> inode_of(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return failure("look at a file", "", errno);
  return status.st_ino;
}

bool is_same_file(int descriptor, int other) {
  struct stat first {};
  struct stat second {};
  return ::fstat(descriptor, &first) == 0 && ::fstat(other, &second) == 0 && is_same(first, second);
}

Result<bool> is_there(int folder, const std::string& path) {
  const auto file = open_at(folder, path, O_PATH | O_NOFOLLOW);
  if (!file && file.error().code != ENOENT) return std::unexpected(file.error());
  return file.has_value();
}

Result<bool> is_same_file(int descriptor, int folder, const std::string& path) {
  struct stat open {};
  struct stat named {};
  if (::fstat(descriptor, &open) != 0) return failure("look at a file", path, errno);
  if (::fstatat(folder, path.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0) return is_same(open, named);
  if (errno == ENOENT) return false;
  return failure("look at a file", path, errno);
}

}  // namespace hopyard::sys
