#pragma once

#include <string>

#include "base/error.hh"

namespace hopyard::keeper {

/// Makes, in @p folder, a layer to lie above a node's root file system: systemctl, service and the scripts of
/// /etc/init.d, all of them one program that asks the node's init (control_pipe.hh).
/// @param root the file system below; says where its folders really are (/bin may be a link to /usr/bin).
[[nodiscard]] Result<> write_node_tools(const std::string& root, const std::string& folder);

/// The init script of a service that no other node may have, in the node itself, whose root the caller's is.
/// One that is there is left.
[[nodiscard]] Result<> write_init_script(const std::string& service);

}  // namespace hopyard::keeper
