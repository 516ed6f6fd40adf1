#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hh"

/// The names under /run/netns that lead to a lab's nodes: links to descriptors of its keeper, so that they
/// mount nothing and keep nothing alive. Each stands in the lab's directory before it is made.
namespace hopyard::keeper {

/// The file in a lab's directory that names the links made for it, a line each: "TARGET PATH".
inline constexpr const char* exposed_list = "exposed";

struct ExposedLink {
  std::string target;  ///< "/proc/1995/fd/12"
  std::string path;    ///< "/run/netns/office-r1"
};

/// Whether the directory @p folder names links; also when it cannot be told.
[[nodiscard]] bool has_exposed(int folder);
/// The links that it names.
[[nodiscard]] Result<std::vector<ExposedLink>> read_exposed(int folder);

/// Makes the links that are not there yet: all of them, or none. EEXIST, with the path as the object, for a
/// name that something else has.
[[nodiscard]] Result<> make_exposed(int folder, const std::vector<ExposedLink>& links);

/// Takes away the links that @p meant is true of. What has one of the names and is not the lab's link stays.
/// @return those that were taken away.
[[nodiscard]] Result<std::vector<ExposedLink>> remove_exposed(
    int folder, const std::function<bool(const ExposedLink&)>& meant);

/// Takes away all of them, and the file.
[[nodiscard]] Result<> remove_exposed(int folder);

}  // namespace hopyard::keeper
