#pragma once

#include <string>

#include "base/error.hh"

/// What the files of app/netns.hh share.
namespace hopyard::app {

[[nodiscard]] std::string netns_path(const std::string& name);
/// What to do about EPERM and EACCES; "" for others.
[[nodiscard]] std::string rights_remedy(int code);
/// Makes the folder and the shared mount of it, where they are missing.
[[nodiscard]] Result<> prepare_netns_folder();

}  // namespace hopyard::app
