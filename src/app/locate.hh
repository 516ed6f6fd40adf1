#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/client.hh"
#include "keeper/registry.hh"

namespace hopyard::app {

/// The lab that is meant: @p given, or if it is empty the only one that runs. Of the errors, "no lab X is
/// running" names the running lab of a similar name, or all of them.
[[nodiscard]] Result<std::string> locate_lab(const keeper::Registry& registry, const std::string& given);

/// A talk with the lab that is meant.
[[nodiscard]] Result<keeper::Client> connect(const keeper::Registry& registry, const std::string& given);

/// The lab that both a -l option and a "LAB/" before a name may say; an error of the command line if they say
/// different ones.
[[nodiscard]] Result<std::string> agreed_lab(const std::string& option, const std::string& prefix);

}  // namespace hopyard::app
