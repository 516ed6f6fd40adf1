#include "keeper/machine_files.hh"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "keeper/owners.hh"
#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

// The mode comes last: a change of the owner takes set-user-ID bits away.
Result<> give(int descriptor, const Owner& owner, std::uint32_t mode, const std::string& path) {
  const bool to_others = owner.user != 0 || owner.group != 0;
  if (to_others && ::fchown(descriptor, owner.user, owner.group) != 0)
    return failure("change the owner of", path, errno);
  if (::fchmod(descriptor, mode) != 0) return failure("set the mode of", path, errno);
  return {};
}

Result<> make_given(int root, const net::Folder& folder, Owners& owners) {
  HOPYARD_TAKE(owner, owners.find(folder.owner, folder.group, folder.path));
  HOPYARD_TRY(sys::make_folders_in_root(root, folder.path, 0755));
  HOPYARD_TAKE(made, sys::open_in_root(root, folder.path, O_RDONLY | O_DIRECTORY));
  return give(made.get(), owner, folder.mode, folder.path);
}

Result<> write_given(int root, const net::File& file, Owners& owners) {
  HOPYARD_TAKE(owner, owners.find(file.owner, file.group, file.path));
  const std::size_t slash = file.path.rfind('/');
  HOPYARD_TAKE(folder, sys::make_folders_in_root(root, file.path.substr(0, slash), 0755));
  const std::string name = file.path.substr(slash + 1);
  constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;
  auto open = sys::open_at(folder.get(), name, flags, file.mode);
  // The file takes a link's place, it does not go where that leads; and that of one which only the host's
  // root may write.
  if (!open && (open.error().code == ELOOP || open.error().code == EACCES)) {
    HOPYARD_TRY(sys::remove(folder.get(), name));
    open = sys::open_at(folder.get(), name, flags, file.mode);
  }
  if (!open) return failure("write", file.path, open.error().code);
  HOPYARD_TRY(sys::write_all(open->get(), file.content, file.path));
  return give(open->get(), owner, file.mode, file.path);
}

}  // namespace

Result<> write_given(const net::Machine& machine) {
  // The root of the process is the node's own, so that no path and no link leads out of it.
  HOPYARD_TAKE(root, sys::open_at(sys::here(), "/", O_PATH | O_DIRECTORY));
  Owners owners;
  for (const net::Folder& folder : machine.folders) HOPYARD_TRY(make_given(root.get(), folder, owners));
  for (const net::File& file : machine.files) HOPYARD_TRY(write_given(root.get(), file, owners));
  return {};
}

}  // namespace hopyard::keeper
