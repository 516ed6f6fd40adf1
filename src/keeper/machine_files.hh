#pragma once

#include "base/error.hh"
#include "net/desired.hh"

namespace hopyard::keeper {

/// Makes the folders and then the files that a node is given, with their owners as the node's own /etc/passwd
/// and /etc/group have them. The root of the calling process is the node's, and its umask is 0.
[[nodiscard]] Result<> write_given(const net::Machine& machine);

}  // namespace hopyard::keeper
