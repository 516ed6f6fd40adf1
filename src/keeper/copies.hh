#pragma once

#include <sys/types.h>

#include <string>
#include <unordered_map>

#include "base/error.hh"

namespace hopyard::keeper {

/// Whether an errno says that something of the host is gone meanwhile, that the caller may not look at it,
/// that it is nothing to read (a socket, a link), or that what it lies on does not answer (a network, a
/// stick): a copy leaves it out.
[[nodiscard]] bool is_left_out(int code);

/// Whose the host's folders and files for programs are, below /etc and /var, where they are not root's. Noted
/// before a user namespace is entered: in there, all but the caller's own belong to nobody
/// (user_namespaces(7)).
class HostOwners {
 public:
  struct Owner {
    uid_t user = 0;
    gid_t group = 0;
  };
  [[nodiscard]] static Result<HostOwners> read();
  /// @return root for what was not noted.
  [[nodiscard]] Owner find(const std::string& path) const;

 private:
  Result<> add_below(const std::string& folder, bool with_files);
  std::unordered_map<std::string, Owner> owners_;
};

/// Folders of the host made anew for a lab whose root is an ordinary user: what the host's root owns, that
/// user's root may neither write to nor write into, and what lies above takes its place.
class Copier {
 public:
  /// @param keeps_owners false where there is no user in the lab but root.
  Copier(const HostOwners& owners, bool keeps_owners) : owners_(owners), keeps_owners_(keeps_owners) {}

  /// The folder, with folders, links, and files of up to a megabyte in it. What the caller may not read is
  /// left out.
  /// @param from where it can be read; @param path its name on the host; @param to a folder that is there.
  [[nodiscard]] Result<> copy(const std::string& from, const std::string& path, const std::string& to) const;
  /// The folders in it alone, down to @p depth. What the caller may not look into is empty, and hidden by a
  /// whiteout (Documentation/filesystems/overlayfs.rst) of that name in the layer @p hiding, where the folder
  /// must be there.
  [[nodiscard]] Result<> copy_folders(const std::string& from, const std::string& path, const std::string& to,
                                      const std::string& hiding, unsigned depth) const;
  /// One link or file.
  [[nodiscard]] Result<> copy_file(int folder, const std::string& name, const std::string& path,
                                   const std::string& to, off_t longest) const;
  /// Whom the copy of @p path belongs to.
  [[nodiscard]] HostOwners::Owner owner_of(const std::string& path) const;

 private:
  [[nodiscard]] Result<> hide(const std::string& path) const;
  [[nodiscard]] Result<> give(const std::string& path, const std::string& to, mode_t mode) const;

  const HostOwners& owners_;
  bool keeps_owners_;
};

}  // namespace hopyard::keeper
