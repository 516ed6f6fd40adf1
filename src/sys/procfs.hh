#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

namespace hopyard::sys {

/// An instance of procfs that is mounted nowhere (fsopen(2), fsmount(2)) and ends with this object. Files
/// under sys/net are those of the network namespace that the calling thread is in. A new instance now and
/// then keeps access fast: within one, the same name of every namespace falls into one chain of the dentry
/// cache.
class Procfs {
 public:
  /// Where a detached instance is refused (a sandbox that hides parts of /proc), the one at /proc.
  [[nodiscard]] static Result<Procfs> open();

  /// Writes @p text to the file at @p path, which is relative to the root of procfs.
  [[nodiscard]] Result<> write(const std::string& path, std::string_view text) const;
  /// The file's text without the line break at its end.
  [[nodiscard]] Result<std::string> read(const std::string& path) const;

  /// The names in the folder at @p path, without "." and "..".
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& path) const;

 private:
  explicit Procfs(Fd root) : root_(std::move(root)) {}
  Fd root_;
};

}  // namespace hopyard::sys
