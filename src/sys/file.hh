#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

/// Files and folders, relative to a folder's descriptor as openat(2) has it (AT_FDCWD for the current one).
namespace hopyard::sys {

/// The number for "relative to the current folder", AT_FDCWD.
[[nodiscard]] int here();

/// openat(2), with close-on-exec.
[[nodiscard]] Result<Fd> open_at(int folder, const std::string& path, int flags, mode_t mode = 0);
/// Opens as if @p root were "/": no link and no ".." leads out of it (openat2(2), RESOLVE_IN_ROOT).
[[nodiscard]] Result<Fd> open_in_root(int root, const std::string& path, int flags, mode_t mode = 0);
[[nodiscard]] Result<Fd> open_folder(int folder, const std::string& path);

/// Creates the folder; one that is there already is fine.
[[nodiscard]] Result<> make_folder(int folder, const std::string& path, mode_t mode);
/// Creates the folder and those above it, below @p root and never through a link out of it. @return the
/// folder.
[[nodiscard]] Result<Fd> make_folders_in_root(int root, std::string_view path, mode_t mode);
/// Removes a file or, with AT_REMOVEDIR in @p flags, an empty folder (unlinkat(2)); one that is not there is
/// fine.
[[nodiscard]] Result<> remove(int folder, const std::string& path, int flags = 0);
[[nodiscard]] Result<> make_link(const std::string& target, int folder, const std::string& path);

[[nodiscard]] Result<std::string> read_file(int folder, const std::string& path);
/// The same; nothing when there is no such file. Any other reason why it cannot be read is an error.
[[nodiscard]] Result<std::optional<std::string>> read_if_there(int folder, const std::string& path);
[[nodiscard]] Result<> write_file(int folder, const std::string& path, std::string_view text,
                                  mode_t mode = 0644);
/// Opens /dev/null as those of the standard files that are closed: what is opened next shall not take their
/// place.
[[nodiscard]] Result<> open_standard_files();
/// All of @p text to @p descriptor.
[[nodiscard]] Result<> write_all(int descriptor, std::string_view text, const std::string& object);
/// Names in the folder of @p descriptor, without "." and "..".
[[nodiscard]] Result<std::vector<std::string>> list_folder(int descriptor);

/// Takes the lock of an open file for itself (flock(2), LOCK_EX). It is given back with the last copy of the
/// descriptor.
[[nodiscard]] Result<> lock(int descriptor);
/// The same without waiting. @return false when another has it.
[[nodiscard]] Result<bool> try_lock(int descriptor);
void unlock(int descriptor);

/// The number of the file, which nothing else on its file system has (stat(2), st_ino): of a namespace, its
/// own.
[[nodiscard]] Result<std::uint64_t> inode_of(int descriptor);
/// A descriptor of its own for what @p descriptor has open.
[[nodiscard]] Result<Fd> duplicate(int descriptor);
/// True when both have the same file open.
[[nodiscard]] bool is_same_file(int descriptor, int other);
/// Whether @p path leads to something, itself a link included.
[[nodiscard]] Result<bool> is_there(int folder, const std::string& path);
/// True when @p path still leads to what @p descriptor has open.
[[nodiscard]] Result<bool> is_same_file(int descriptor, int folder, const std::string& path);

}  // namespace hopyard::sys
