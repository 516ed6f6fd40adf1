#include "observe/echo.hh"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "sys/netns.hh"
#include "sys/random.hh"

namespace hopyard::observe {
namespace {

constexpr int farthest = 255;

/// RFC 1071, of 16-bit words in network order.
std::uint16_t checksum(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) sum += std::uint32_t{bytes[i]} << 8 | bytes[i + 1];
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

void put(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value & 0xff);
}

/// Of all that comes to the namespace only echo replies are wanted.
Result<> configure(int fd, Family family) {
  if (family == Family::V4) {
    (void)::setsockopt(fd, IPPROTO_IP, IP_TTL, &farthest, sizeof farthest);
    return {};
  }
  (void)::setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &farthest, sizeof farthest);
  icmp6_filter filter;
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
  if (::setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter) != 0)
    return failure("listen for echo replies", "", errno);
  return {};
}

struct Where {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Where where_of(const IpAddress& to) {
  Where where;
  if (to.family() == Family::V4) {
    auto* address = reinterpret_cast<sockaddr_in*>(&where.storage);
    address->sin_family = AF_INET;
    std::memcpy(&address->sin_addr, to.data(), sizeof address->sin_addr);
    where.size = sizeof *address;
  } else {
    auto* address = reinterpret_cast<sockaddr_in6*>(&where.storage);
    address->sin6_family = AF_INET6;
    std::memcpy(&address->sin6_addr, to.data(), sizeof address->sin6_addr);
    where.size = sizeof *address;
  }
  return where;
}

}  // namespace

EchoMessage echo_request(Family family, std::uint16_t id, std::uint16_t sequence) {
  EchoMessage message{};
  message.bytes[0] = family == Family::V4 ? std::uint8_t{ICMP_ECHO} : std::uint8_t{ICMP6_ECHO_REQUEST};
  put(message.bytes + 4, id);
  put(message.bytes + 6, sequence);
  if (family == Family::V4) put(message.bytes + 2, checksum(message.bytes));
  return message;
}

bool is_answer(Family family, std::span<const unsigned char> packet, std::uint16_t id,
               std::uint16_t sequence) {
  if (family == Family::V4) {
    if (packet.size() < 20) return false;
    const std::size_t header = std::size_t{packet[0] & 0x0fU} * 4;
    if (header < 20 || packet.size() < header) return false;
    packet = packet.subspan(header);
  }
  const std::uint8_t reply =
      family == Family::V4 ? std::uint8_t{ICMP_ECHOREPLY} : std::uint8_t{ICMP6_ECHO_REPLY};
  std::array<std::uint8_t, 4> numbers;
  put(numbers.data(), id);
  put(numbers.data() + 2, sequence);
  return packet.size() >= 8 && packet[0] == reply && std::memcmp(packet.data() + 4, numbers.data(), 4) == 0;
}

Result<Echo> Echo::open(int netns, const IpAddress& to) {
  HOPYARD_TAKE(home, sys::current_netns());
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns, home.get()));
  const bool v4 = to.family() == Family::V4;
  sys::Fd fd(::socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
                      v4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6}));
  if (!fd) return failure("open a socket for echo requests", "", errno);
  HOPYARD_TRY(configure(fd.get(), to.family()));
  HOPYARD_TAKE(id, sys::random_number());
  return Echo(std::move(fd), to, static_cast<std::uint16_t>(id));
}

Result<> Echo::send() {
  const EchoMessage message = echo_request(to_.family(), id_, ++sequence_);
  const Where where = where_of(to_);
  if (::sendto(fd_.get(), message.bytes, sizeof message.bytes, 0,
               reinterpret_cast<const sockaddr*>(&where.storage), where.size) < 0)
    return failure("send an echo request to", to_.text(), errno);
  return {};
}

bool Echo::answered() {
  std::array<unsigned char, 2048> room;
  bool found = false;
  for (;;) {
    const ssize_t count = ::recv(fd_.get(), room.data(), room.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return found;
    found = found || is_answer(to_.family(), {room.data(), static_cast<std::size_t>(count)}, id_, sequence_);
  }
}

}  // namespace hopyard::observe
