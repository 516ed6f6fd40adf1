#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

/// Unix stream sockets (unix(7)).
namespace hopyard::sys {

/// Two connected sockets (socketpair(2)).
[[nodiscard]] Result<std::pair<Fd, Fd>> socket_pair();

/// A socket that is named @p name in @p folder but does not listen yet: until it does, connecting is refused.
[[nodiscard]] Result<Fd> bind_unix(int folder, const std::string& name);
/// From now on clients can connect, and find the calling process as their peer.
[[nodiscard]] Result<> listen(int socket);
/// ECONNREFUSED when nobody listens, ENOENT when there is no such name.
[[nodiscard]] Result<Fd> connect_unix(int folder, const std::string& name);

/// Who is at the other end (SO_PEERCRED), in the numbers of the caller's namespaces.
struct Peer {
  pid_t pid;
  uid_t uid;
};
[[nodiscard]] Result<Peer> peer(int socket);

/// At most this many descriptors go with one message (SCM_MAX_FD).
inline constexpr std::size_t max_descriptors = 253;

/// Sends what fits of @p bytes, and @p descriptors with the first of them (SCM_RIGHTS). Never raises SIGPIPE.
/// @return how many bytes went; EAGAIN on a socket that does not wait.
[[nodiscard]] Result<std::size_t> send(int socket, std::string_view bytes,
                                       std::span<const int> descriptors = {});
/// Sends all of @p bytes; for a socket that waits.
[[nodiscard]] Result<> send_all(int socket, std::string_view bytes);

/// Takes what is there, up to the room, and appends the descriptors that came along.
/// @return how many bytes came, 0 at the end; EAGAIN on a socket that does not wait.
[[nodiscard]] Result<std::size_t> receive(int socket, std::span<char> room, std::vector<Fd>& descriptors);

}  // namespace hopyard::sys
