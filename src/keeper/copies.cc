#include "keeper/copies.hh"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <filesystem>

#include "sys/file.hh"

namespace hopyard::keeper {

bool is_left_out(int code) {
  static constexpr std::array codes{ENOENT, ENOTDIR,  EACCES, EPERM, ENXIO,     ENODEV,
                                    ELOOP,  ENOTCONN, ESTALE, EIO,   ETIMEDOUT, EHOSTDOWN};
  return std::ranges::find(codes, code) != codes.end();
}

namespace {

constexpr off_t longest_copy = 1 << 20;

/// What is in a folder; nothing where it is gone or closed. Its entries know their kinds without being asked.
Result<std::vector<std::filesystem::directory_entry>> entries_of(const std::string& folder) {
  std::error_code error;
  std::vector<std::filesystem::directory_entry> entries;
  std::filesystem::directory_iterator next(folder, error);
  for (; !error && next != std::filesystem::directory_iterator(); next.increment(error))
    entries.push_back(*next);
  if (error && !is_left_out(error.value())) return failure("read a folder", folder, error.value());
  return entries;
}

bool is_folder(const std::filesystem::directory_entry& entry) {
  std::error_code gone;
  return !entry.is_symlink(gone) && entry.is_directory(gone);
}

/// Whether the caller may look into the folder, or read the file.
bool is_open(const std::string& path, bool is_folder) {
  return ::faccessat(AT_FDCWD, path.c_str(), is_folder ? R_OK | X_OK : R_OK, AT_EACCESS) == 0;
}

/// The first @p size bytes of a file, or all where it has become shorter.
Result<std::string> content_of(int file, std::size_t size, const std::string& path) {
  std::string text(size, '\0');
  std::size_t read = 0;
  while (read < size) {
    const ssize_t count = ::read(file, text.data() + read, size - read);
    if (count < 0 && errno != EINTR) return failure("copy", path, errno);
    if (count == 0) break;
    read += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
  }
  text.resize(read);
  return text;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0755;
}

}  // namespace

Result<HostOwners> HostOwners::read() {
  HostOwners owners;
  HOPYARD_TRY(owners.add_below("/etc", true));
  HOPYARD_TRY(owners.add_below("/var", false));
  return owners;
}

Result<> HostOwners::add_below(const std::string& folder, bool with_files) {
  HOPYARD_TAKE(entries, entries_of(folder));
  for (const auto& entry : entries) {
    const bool descends = is_folder(entry);
    struct stat status {};
    if ((!descends && !with_files) || ::lstat(entry.path().c_str(), &status) != 0) continue;
    if (status.st_uid != 0 || status.st_gid != 0) owners_[entry.path()] = {status.st_uid, status.st_gid};
    if (descends) HOPYARD_TRY(add_below(entry.path(), with_files));
  }
  return {};
}

HostOwners::Owner HostOwners::find(const std::string& path) const {
  const auto found = owners_.find(path);
  return found == owners_.end() ? Owner{} : found->second;
}

HostOwners::Owner Copier::owner_of(const std::string& path) const {
  return keeps_owners_ ? owners_.find(path) : HostOwners::Owner{};
}

Result<> Copier::give(const std::string& path, const std::string& to, mode_t mode) const {
  const HostOwners::Owner owner = owner_of(path);
  // One who has no number in here stays root.
  if (owner.user != 0 || owner.group != 0) static_cast<void>(!::lchown(to.c_str(), owner.user, owner.group));
  if (::chmod(to.c_str(), mode & 07777) != 0) return failure("set the mode of", to, errno);
  return {};
}

Result<> Copier::copy_file(int folder, const std::string& name, const std::string& path,
                           const std::string& to, off_t longest) const {
  std::string target(PATH_MAX, '\0');
  if (const ssize_t size = ::readlinkat(folder, name.c_str(), target.data(), target.size()); size > 0) {
    target.resize(static_cast<std::size_t>(size));
    return sys::make_link(target, sys::here(), to);
  } else if (size < 0 && errno != EINVAL) {
    if (is_left_out(errno)) return {};
    return failure("read where a link leads", path, errno);
  }
  // Of what others may put there meanwhile nothing is followed or waited for. What may not be read is left
  // out.
  const auto file = sys::open_at(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file && is_left_out(file.error().code)) return {};
  if (!file) return failure("copy", path, file.error().code);
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) return failure("look at", path, errno);
  if (!S_ISREG(status.st_mode) || status.st_size > longest) return {};
  HOPYARD_TAKE(text, content_of(file->get(), static_cast<std::size_t>(status.st_size), path));
  HOPYARD_TRY(sys::write_file(sys::here(), to, text, 0600));
  return give(path, to, status.st_mode);
}

Result<> Copier::copy(const std::string& from, const std::string& path, const std::string& to) const {
  HOPYARD_TAKE(folder, sys::open_folder(sys::here(), from));
  HOPYARD_TAKE(entries, entries_of(from));
  for (const auto& entry : entries) {
    const std::string leaf = entry.path().filename();
    const std::string name = '/' + leaf;
    if (!is_folder(entry)) {
      HOPYARD_TRY(copy_file(folder.get(), leaf, path + name, to + name, longest_copy));
      continue;
    }
    HOPYARD_TRY(sys::make_folder(sys::here(), to + name, 0700));
    if (is_open(from + name, true)) HOPYARD_TRY(copy(from + name, path + name, to + name));
    HOPYARD_TRY(give(path + name, to + name, mode_of(from + name)));
  }
  return {};
}

Result<> Copier::copy_folders(const std::string& from, const std::string& path, const std::string& to,
                              const std::string& hiding, unsigned depth) const {
  if (depth == 0) return {};
  const bool hides_files = path.starts_with("/var");  // which programs would write to
  HOPYARD_TAKE(entries, entries_of(from));
  for (const auto& entry : entries) {
    const std::string name = '/' + entry.path().filename().string();
    const bool descends = is_folder(entry);
    std::error_code gone;
    if (!descends && (!hides_files || entry.is_symlink(gone))) continue;
    const bool open = is_open(from + name, descends);
    if (descends) HOPYARD_TRY(sys::make_folder(sys::here(), to + name, 0700));
    if (!open) HOPYARD_TRY(hide(hiding + name));
    if (descends && open) {
      HOPYARD_TRY(sys::make_folder(sys::here(), hiding + name, 0755));
      HOPYARD_TRY(copy_folders(from + name, path + name, to + name, hiding + name, depth - 1));
      static_cast<void>(
          sys::remove(sys::here(), hiding + name, AT_REMOVEDIR));  // stays where something is in it
    }
    if (descends) HOPYARD_TRY(give(path + name, to + name, mode_of(from + name)));
  }
  return {};
}

Result<> Copier::hide(const std::string& path) const {
  if (::mknod(path.c_str(), S_IFCHR, 0) != 0) return failure("make a whiteout", path, errno);
  return {};
}

}  // namespace hopyard::keeper
