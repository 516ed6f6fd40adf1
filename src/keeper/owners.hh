#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hh"

namespace hopyard::keeper {

/// The number in the third field of the line for @p name (passwd(5), group(5)); nothing when there is no such
/// line or the field is no number.
[[nodiscard]] std::optional<std::uint32_t> number_of(std::string_view table, std::string_view name);

/// A table of users or of groups in which the numbers of all are those of root (passwd(5), group(5)).
[[nodiscard]] std::string with_root_alone(std::string_view table);

/// Who a file belongs to.
struct Owner {
  uid_t user = 0;
  gid_t group = 0;
};

/// Looks the names up in /etc/passwd and /etc/group of the calling process's root. Not by the C library,
/// which would ask services of the host and load their libraries from the node.
class Owners {
 public:
  /// @param user, @param group a name, or a number in decimal; empty for root. @param path the file it is
  /// for, for the error.
  [[nodiscard]] Result<Owner> find(const std::string& user, const std::string& group,
                                   const std::string& path);

 private:
  std::optional<std::string> users_;
  std::optional<std::string> groups_;
};

}  // namespace hopyard::keeper
