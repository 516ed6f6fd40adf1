#pragma once

#include "base/error.hh"
#include "net/desired.hh"

namespace hopyard::kernel {

/// How many descriptors a lab may use while it is built.
enum class Room : std::uint8_t {
  ForNamespaces,  ///< one a namespace; sockets come and go
  ForSockets,     ///< two a namespace
};

/// Raises the limit of open files as far as it goes and says what it leaves room for. An error that names the
/// limit and the number needed when the namespaces alone do not fit.
[[nodiscard]] Result<Room> check_limits(const net::Desired& desired);

/// The same for a number of namespaces, a limit and a number of files open already: no system call.
[[nodiscard]] Result<Room> room_for(std::size_t namespaces, std::uint64_t limit, std::uint64_t open);

}  // namespace hopyard::kernel
