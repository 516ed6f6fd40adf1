#include "sys/socket.hh"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace hopyard::sys {
namespace {

// Through /proc a name of any folder fits the 108 bytes that an address has.
sockaddr_un address_of(int folder, const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/{}", folder, name);
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

Result<Fd> unix_socket() {
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return failure("open a socket", "", errno);
  return fd;
}

}  // namespace

Result<std::pair<Fd, Fd>> socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return failure("open a pair of sockets", "", errno);
  }
  return std::pair(Fd(ends[0]), Fd(ends[1]));
}

Result<Fd> bind_unix(int folder, const std::string& name) {
  HOPYARD_TAKE(fd, unix_socket());
  const sockaddr_un address = address_of(folder, name);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failure("bind the socket", name, errno);
  }
  return fd;
}

Result<> listen(int socket) {
  if (::listen(socket, SOMAXCONN) != 0) return failure("listen on a socket", "", errno);
  return {};
}

Result<Fd> connect_unix(int folder, const std::string& name) {
  HOPYARD_TAKE(fd, unix_socket());
  const sockaddr_un address = address_of(folder, name);
  while (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno != EINTR) return failure("connect to", name, errno);
  }
  return fd;
}

Result<Peer> peer(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return failure("see who is at the other end of a socket", "", errno);
  }
  return Peer{credentials.pid, credentials.uid};
}

Result<std::size_t> send(int socket, std::string_view bytes, std::span<const int> descriptors) {
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * max_descriptors)> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(head), descriptors.data(), descriptors.size_bytes());
  }
  for (;;) {
    const ssize_t count = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return failure("send", "", errno);
  }
}

Result<> send_all(int socket, std::string_view bytes) {
  // Memory for a message may be short for a moment; who waits for the message cannot know.
  constexpr int most_tries = 10;
  constexpr timespec pause{0, 20'000'000};
  for (int tries = 1; !bytes.empty();) {
    const auto count = send(socket, bytes);
    if (count) {
      bytes.remove_prefix(*count);
      continue;
    }
    const int code = count.error().code;
    if ((code != ENOBUFS && code != ENOMEM) || tries++ == most_tries) return std::unexpected(count.error());
    ::nanosleep(&pause, nullptr);
  }
  return {};
}

Result<std::size_t> receive(int socket, std::span<char> room, std::vector<Fd>& descriptors) {
  iovec part{room.data(), room.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * max_descriptors)> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t count = 0;
  do {
    count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return failure("receive", "", errno);
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr; head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; at + sizeof(int) <= head->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(head) + at, sizeof number);
      descriptors.emplace_back(number);
    }
  }
  return static_cast<std::size_t>(count);
}

}  // namespace hopyard::sys
