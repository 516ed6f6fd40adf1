#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "net/service.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// Where a node keeps what its services say.
inline constexpr std::string_view log_folder = "/var/log/hopyard";
/// The file in it for the service of that name; "run" for the node's `run` commands.
[[nodiscard]] std::string log_path(std::string_view service);

/// Starts a program in a session of its own, with every signal as it is by default, /dev/null as its standard
/// input and @p output as standard output and error; nothing else is open (posix_spawn(3)).
/// @return its process, which is the number of its session and group, too. The error is that of execve(2).
[[nodiscard]] Result<pid_t> spawn(std::span<const std::string> command,
                                  std::span<const std::string> environment, int output);

/// True if the file that @p ready names is there. One of a daemon's own, which is removed before it starts,
/// counts when something is in it: a daemon that finds no room has made its file, too, and then ends.
[[nodiscard]] bool file_is_there(const net::Service::Ready& ready);

/// Processes' sessions (in the caller's pid namespace) that listen at a TCP port of the caller's network
/// namespace, by what /proc says (proc(5): net/tcp, net/tcp6, PID/fd).
[[nodiscard]] std::vector<pid_t> sessions_listening_at(std::uint16_t port);

/// Inodes of the sockets that listen at @p port, from the text of /proc/net/tcp or tcp6.
[[nodiscard]] std::vector<std::string> listening_inodes(std::string_view table, std::uint16_t port);

}  // namespace hopyard::keeper
