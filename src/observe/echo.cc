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

std::uint16_t number_at(std::span<const unsigned char> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
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

std::optional<std::uint16_t> answered_number(Family family, std::span<const unsigned char> packet,
                                             std::uint16_t id) {
  if (family == Family::V4) {
    if (packet.size() < 20) return std::nullopt;
    const std::size_t header = std::size_t{packet[0] & 0x0fU} * 4;
    if (header < 20 || packet.size() < header) return std::nullopt;
    packet = packet.subspan(header);
  }
  const std::uint8_t reply =
      family == Family::V4 ? std::uint8_t{ICMP_ECHOREPLY} : std::uint8_t{ICMP6_ECHO_REPLY};
  if (packet.size() < 8 || packet[0] != reply || number_at(packet, 4) != id) return std::nullopt;
  return number_at(packet, 6);
}

std::uint16_t EchoNumbers::next() {
  constexpr std::uint16_t half = 1U << 15;
  if (counting_ < half) ++counting_;
  return ++last_;
}

bool EchoNumbers::counts(std::uint16_t number) const {
  return static_cast<std::uint16_t>(last_ - number) < counting_;
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
  const EchoMessage message = echo_request(to_.family(), id_, numbers_.next());
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
    const auto number = answered_number(to_.family(), {room.data(), static_cast<std::size_t>(count)}, id_);
    found = found || (number && numbers_.counts(*number));
  }
}

}  // namespace hopyard::observe
