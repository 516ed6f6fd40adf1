#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/netns.hh"
#include "cli/verb.hh"

/// What the verbs about the host's network namespaces have in common.
namespace hopyard::cli {

/// The statuses of ip-netns(8), where they are others than those of the rest of this program.
namespace netns_status {
inline constexpr int refused = 2;      ///< the kernel would not have the request (set)
inline constexpr int no_way_in = 255;  ///< a name that cannot be one, or exec found no namespace
}  // namespace netns_status

/// Says the error. @return status::failed, or no_way_in when @p name cannot be a name at all.
int fail_about(Output& output, const std::string& name, const Error& error);

}  // namespace hopyard::cli
