#include "keeper/copies.hh"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <filesystem>

#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

constexpr off_t longest_copy = 1 << 20;

/// What is in a folder; nothing where it is gone or closed. Its entries know their kinds without being asked.
std::filesystem::directory_iterator entries_of(const std::string& folder) {
  std::error_code gone;
  return {folder, std::filesystem::directory_options::skip_permission_denied, gone};
}

bool is_folder(const std::filesystem::directory_entry& entry) {
  std::error_code gone;
  return !entry.is_symlink(gone) && entry.is_directory(gone);
}

/// Whether the caller may look into the folder, or read the file.
bool is_open(const std::string& path, bool is_folder) {
  return ::faccessat(AT_FDCWD, path.c_str(), is_folder ? R_OK | X_OK : R_OK, AT_EACCESS) == 0;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0755;
}

}  // namespace

HostOwners HostOwners::read() {
  HostOwners owners;
  owners.add_below("/etc", true);
  owners.add_below("/var", false);
  return owners;
}

void HostOwners::add_below(const std::string& folder, bool with_files) {
  for (const auto& entry : entries_of(folder)) {
    const bool descends = is_folder(entry);
    struct stat status {};
    if ((!descends && !with_files) || ::lstat(entry.path().c_str(), &status) != 0) continue;
    if (status.st_uid != 0 || status.st_gid != 0) owners_[entry.path()] = {status.st_uid, status.st_gid};
    if (descends) add_below(entry.path(), with_files);
  }
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
  }
  // Of what others may put there meanwhile nothing is followed or waited for. What may not be read is left
  // out.
  const auto file = sys::open_at(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  struct stat status {};
  if (!file || ::fstat(file->get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > longest)
    return {};
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t read = 0;
  for (ssize_t count = 1; count > 0 && read < text.size();
       read += static_cast<std::size_t>(std::max<ssize_t>(count, 0)))
    count = ::read(file->get(), text.data() + read, text.size() - read);
  text.resize(read);
  HOPYARD_TRY(sys::write_file(sys::here(), to, text, 0600));
  return give(path, to, status.st_mode);
}

Result<> Copier::copy(const std::string& from, const std::string& path, const std::string& to) const {
  HOPYARD_TAKE(folder, sys::open_folder(sys::here(), from));
  for (const auto& entry : entries_of(from)) {
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
  for (const auto& entry : entries_of(from)) {
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
