#pragma once

#include <sys/types.h>

#include "base/error.hh"
#include "net/desired.hh"
#include "sys/users.hh"

/// Labs of people who are not root: each lives in a user namespace (user_namespaces(7)) where its owner is.
namespace hopyard::keeper {

/// Whether the caller may not make namespaces as it is, and so has to become root in a user namespace first.
[[nodiscard]] bool needs_own_users();
/// That nothing of @p desired needs more than that.
[[nodiscard]] Result<> check_own_users_suffice(const net::Desired& desired);
/// Makes the user namespace and becomes its root, in the network and with the mounts that the caller has.
/// Where the kernel, or how it is set, forbids user namespaces, the error says which setting it is.
[[nodiscard]] Result<sys::Mapping> enter_own_users();
/// Moves the caller, of one thread, into the user namespace that a lab's keeper lives in, if it is in another
/// one, and into the keeper's network, from where it may go into those of nodes and come back.
[[nodiscard]] Result<> enter_users_of(pid_t keeper);

}  // namespace hopyard::keeper
