#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.hh"
#include "net/desired.hh"

namespace hopyard::app {

/// Looks for the programs of all services where their nodes will look: in the node's PATH, in its `root` or
/// the host's file system, and among the files that it is given. Reports those that are missing at the place
/// of the service, with the Debian package that has them. Not looked for is what only a shell can tell, and
/// what may come to be below /run and /tmp, which are empty when a node begins.
void check_programs(const net::Desired& desired, Diagnostics& diagnostics);

/// Debian's package that has @p program, a name or a path; empty when it is not known here.
[[nodiscard]] std::string_view package_of(std::string_view program);

/// What a service runs as far as it can be told before: the first word of a shell's command, or the program
/// itself. Empty when only the shell can tell.
[[nodiscard]] std::string program_of(const net::Service& service);

}  // namespace hopyard::app
