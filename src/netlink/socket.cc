#include "netlink/socket.hh"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cerrno>

#include "netlink/reply.hh"

namespace hopyard::netlink {
namespace {

constexpr int dump_attempts = 10;
// The kernel fills up to 32 KiB of a reader that offers as much (netlink_dump).
constexpr std::size_t datagram_size = 32768;

enum class Dumped : std::uint8_t { Whole, Again };

Result<Dumped> dump_once(Socket& socket, const nlmsghdr& request, std::vector<char>& answer) {
  const auto* bytes = reinterpret_cast<const char*>(&request);
  HOPYARD_TRY(socket.send({bytes, request.nlmsg_len}));
  std::vector<char> room(datagram_size);
  bool interrupted = false;
  for (;;) {
    HOPYARD_TAKE(datagram, socket.receive(room));
    DumpPart part = read_dump(datagram, request.nlmsg_seq, answer);
    if (part.state == DumpPart::State::Interrupted) {
      // What follows of this dump has its sequence number and is passed over by the next attempt.
      interrupted = true;
      break;
    }
    if (part.state == DumpPart::State::Failed)
      return failure("list what the kernel has", "", part.code, part.words);
    if (part.state == DumpPart::State::Done) break;
  }
  return interrupted ? Dumped::Again : Dumped::Whole;
}

}  // namespace

Result<Socket> Socket::open() {
  return open(NETLINK_ROUTE);
}

Result<Socket> Socket::open_generic() {
  return open(NETLINK_GENERIC);
}

Result<Socket> Socket::open_netfilter() {
  return open(NETLINK_NETFILTER);
}

Result<Socket> Socket::open(int protocol) {
  sys::Fd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
  if (!fd) return failure("open a netlink socket", "", errno);
  const int one = 1;
  // Kernels before 4.20 lack the last of these; what it does there is only to check dumps less.
  for (const int option : {NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK})
    (void)::setsockopt(fd.get(), SOL_NETLINK, option, &one, sizeof one);
  return Socket(std::move(fd));
}

Result<Socket> Socket::open_listening(std::span<const unsigned> groups, int buffer) {
  HOPYARD_TAKE(socket, open());
  const int fd = socket.descriptor();
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0)
    (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  sockaddr_nl any{};
  any.nl_family = AF_NETLINK;
  // Without a number of its own it would be taken for whom the kernel's notifications come from, and left
  // out.
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0)
    return failure("listen for what changes in a network namespace", "", errno);
  for (const unsigned group : groups)
    // Of a group that the kernel is too old for there is nothing to be told.
    if (::setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0 && errno != EINVAL)
      return failure("listen for what changes in a network namespace", "", errno);
  return socket;
}

Result<> Socket::send(std::span<const char> messages) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  for (;;) {
    const ssize_t sent = ::sendto(fd_.get(), messages.data(), messages.size(), 0,
                                  reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
    if (sent >= 0) return {};
    if (errno != EINTR) return failure("send to the kernel", "", errno);
  }
}

Result<std::span<const char>> Socket::receive(std::span<char> room) {
  return receive(room, 0);
}

Result<std::span<const char>> Socket::receive_waiting(std::span<char> room) {
  return receive(room, MSG_DONTWAIT);
}

Result<std::span<const char>> Socket::receive(std::span<char> room, int flags) {
  for (;;) {
    sockaddr_nl sender{};
    iovec piece{room.data(), room.size()};
    msghdr header{};
    header.msg_name = &sender;
    header.msg_namelen = sizeof sender;
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    const ssize_t count = ::recvmsg(fd_.get(), &header, flags);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN && (flags & MSG_DONTWAIT) != 0) return std::span<const char>();
    if (count < 0) {
      const int code = errno;
      return failure("receive from the kernel", "", code, code == ENOBUFS ? "an answer was lost" : "");
    }
    if (sender.nl_pid != 0) continue;
    if ((header.msg_flags & MSG_TRUNC) != 0)
      return failure("receive from the kernel", "", EMSGSIZE, "an answer was cut short");
    return std::span<const char>(room.data(), static_cast<std::size_t>(count));
  }
}

Result<std::vector<char>> Socket::dump(nlmsghdr& request) {
  request.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  for (int attempt = 0; attempt < dump_attempts; ++attempt) {
    request.nlmsg_seq = next_sequence();
    std::vector<char> answer;
    HOPYARD_TAKE(dumped, dump_once(*this, request, answer));
    if (dumped == Dumped::Whole) return answer;
  }
  return failure("list what the kernel has", "", EAGAIN, "it changed faster than it could be read");
}

}  // namespace hopyard::netlink
