#include "sys/echo.hh"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace hopyard::sys {
namespace {

struct Message {
  std::uint8_t type;
  std::uint8_t code;
  std::uint16_t checksum;
  std::uint16_t identifier;
  std::uint16_t sequence;
};
static_assert(sizeof(Message) == ICMP_MINLEN);

/// The one's complement sum of RFC 1071. ICMPv6's is the kernel's work: it goes over its addresses too.
std::uint16_t checksum(const Message& message) {
  std::array<std::uint16_t, sizeof(Message) / 2> words{};
  std::memcpy(words.data(), &message, sizeof message);
  std::uint32_t sum = 0;
  for (const std::uint16_t word : words) sum += word;
  sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~(sum + (sum >> 16U)));
}

int connect_to(int socket, const IpAddress& to) {
  sockaddr_storage storage{};
  if (to.family() == Family::V4) {
    auto* address = reinterpret_cast<sockaddr_in*>(&storage);
    address->sin_family = AF_INET;
    std::memcpy(&address->sin_addr, to.data(), sizeof address->sin_addr);
    return ::connect(socket, reinterpret_cast<sockaddr*>(address), sizeof *address);
  }
  auto* address = reinterpret_cast<sockaddr_in6*>(&storage);
  address->sin6_family = AF_INET6;
  std::memcpy(&address->sin6_addr, to.data(), sizeof address->sin6_addr);
  return ::connect(socket, reinterpret_cast<sockaddr*>(address), sizeof *address);
}

}  // namespace

Result<EchoSocket> EchoSocket::open(const IpAddress& to) {
  const bool v4 = to.family() == Family::V4;
  Fd socket(::socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
                     v4 ? static_cast<int>(IPPROTO_ICMP) : static_cast<int>(IPPROTO_ICMPV6)));
  if (!socket) return failure("open a raw socket", {}, errno);
  // Connected, it hears this address alone; and being refused here means that there is no route.
  if (connect_to(socket.get(), to) != 0) return failure("reach", to.text(), errno);
  return EchoSocket(std::move(socket), to.family(), static_cast<std::uint16_t>(::getpid()));
}

Result<> EchoSocket::send(std::uint16_t sequence) {
  const std::uint8_t type = family_ == Family::V4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
  Message message{type, 0, 0, identifier_, sequence};
  if (family_ == Family::V4) message.checksum = checksum(message);
  if (::send(socket_.get(), &message, sizeof message, 0) < 0)
    return failure("send an echo request", {}, errno);
  return {};
}

bool EchoSocket::answered(std::uint16_t sequence) {
  const std::uint8_t type = family_ == Family::V4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
  std::array<char, 256> room{};
  ssize_t got = 0;
  bool found = false;
  while ((got = ::recv(socket_.get(), room.data(), room.size(), 0)) >= 0 || errno == EINTR) {
    // Of IPv4 the header comes along (raw(7)).
    const std::size_t header =
        family_ == Family::V4 ? (static_cast<unsigned char>(room[0]) & 0x0FU) * 4U : 0U;
    Message message{};
    if (got < static_cast<ssize_t>(header + sizeof message)) continue;
    std::memcpy(&message, room.data() + header, sizeof message);
    found =
        found || (message.type == type && message.identifier == identifier_ && message.sequence == sequence);
  }
  return found;
}

}  // namespace hopyard::sys
