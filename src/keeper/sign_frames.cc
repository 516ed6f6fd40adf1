#include "keeper/sign_frames.hh"

#include <algorithm>
#include <cstdint>

namespace hopyard::keeper {
namespace {

constexpr std::size_t ethernet = 14;
constexpr std::uint16_t number =
    0x686f;  // of the request; who asked is known by it, as by a process of ping(8)
constexpr char icmp = 1;
constexpr char udp = 17;
constexpr char icmp_v6 = 58;
constexpr char hops = 64;

std::string two(std::size_t value) {
  return {static_cast<char>(value >> 8U), static_cast<char>(value)};
}

std::string_view bytes_of(const IpAddress& address) {
  return {reinterpret_cast<const char*>(address.data()), address.size()};
}

std::string_view bytes_of(const Mac& mac) {
  return {reinterpret_cast<const char*>(mac.bytes.data()), mac.bytes.size()};
}

/// The Internet checksum (RFC 1071) of an even number of bytes.
std::string checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint32_t byte = static_cast<unsigned char>(bytes[i]);
    sum += i % 2 == 0 ? byte << 8U : byte;
  }
  while (sum > 0xffff) sum = (sum & 0xffffU) + (sum >> 16U);
  return two(~sum & 0xffffU);
}

/// With the checksum of @p covered in it at @p at.
std::string summed(std::string bytes, std::size_t at, std::string_view covered) {
  const std::string sum = checksum(covered);
  bytes[at] = sum[0];
  bytes[at + 1] = sum[1];
  return bytes;
}

/// @p pseudo what the checksum covers before the message.
std::string echo(char type, std::string_view pseudo) {
  const std::string message = std::string{type, 0, 0, 0} + two(number) + two(1) + "hopyard.";
  return summed(message, 2, std::string(pseudo) + message);
}

std::string packet_v4(const net::Sign& sign) {
  const std::string message = echo(8, {});
  std::string head =
      std::string{0x45, 0} + two(20 + message.size()) + std::string(4, 0) + std::string{hops, icmp, 0, 0};
  head.append(bytes_of(sign.neighbour)).append(bytes_of(sign.address));
  return summed(head, 10, head) + message;
}

std::string packet_v6(const net::Sign& sign) {
  const std::string ends = std::string(bytes_of(sign.neighbour)).append(bytes_of(sign.address));
  const std::size_t length = echo(0, {}).size();
  const std::string pseudo = ends + std::string(2, 0) + two(length) + std::string{0, 0, 0, icmp_v6};
  return std::string{0x60, 0, 0, 0} + two(length) + std::string{icmp_v6, hops} + ends +
         echo(static_cast<char>(128), pseudo);
}

/// The rest of a packet, behind its head, if it is one of the family and the protocol.
std::string_view content(std::string_view frame, Family family, char protocol) {
  const bool four = family == Family::V4;
  const std::size_t least = ethernet + (four ? 20 : 40);
  if (frame.size() < least || frame.substr(12, 2) != two(four ? 0x0800 : 0x86dd)) return {};
  if (frame[ethernet + (four ? 9 : 6)] != protocol) return {};
  const std::size_t head = four ? static_cast<std::size_t>(frame[ethernet] & 0x0f) * 4 : 40;
  return frame.size() < ethernet + head ? std::string_view() : frame.substr(ethernet + head);
}

bool is_answer(std::string_view frame, const net::Sign& sign) {
  const bool four = sign.address.family() == Family::V4;
  const std::string_view message = content(frame, sign.address.family(), four ? icmp : icmp_v6);
  if (message.size() < 8 || message[0] != static_cast<char>(four ? 0 : 129)) return false;
  const std::size_t from = ethernet + (four ? 12 : 8);
  const std::size_t size = sign.address.size();
  return frame.substr(from, size) == bytes_of(sign.address) &&
         frame.substr(from + size, size) == bytes_of(sign.neighbour) && message.substr(4, 2) == two(number);
}

/// The type of a DHCP message: the value of option 53 (RFC 2132, 9.6); 0 for none.
char message_type(std::string_view options) {
  for (std::size_t i = 0; i + 2 < options.size() && options[i] != '\xff';) {
    if (options[i] == 0) {
      ++i;
      continue;
    }
    if (options[i] == 53) return options[i + 2];
    i += 2 + static_cast<unsigned char>(options[i + 1]);
  }
  return 0;
}

bool is_lease(std::string_view frame, const net::Sign& sign) {
  constexpr std::size_t before_options = 236;
  constexpr char ack = 5;
  const std::string_view datagram = content(frame, Family::V4, udp);
  if (datagram.size() < 8 + before_options + 4 || datagram.substr(0, 4) != two(67) + two(68)) return false;
  const std::string_view message = datagram.substr(8);
  return message.substr(28, 6) == bytes_of(sign.mac) && message.substr(16, 4) != std::string(4, 0) &&
         message.substr(before_options, 4) == "\x63\x82\x53\x63" &&
         message_type(message.substr(before_options + 4)) == ack;
}

}  // namespace

std::string echo_request(const net::Sign& sign) {
  const bool four = sign.address.family() == Family::V4;
  std::string frame(bytes_of(sign.mac));
  frame.append(bytes_of(sign.neighbour_mac)).append(two(four ? 0x0800 : 0x86dd));
  return frame + (four ? packet_v4(sign) : packet_v6(sign));
}

bool is_sign(std::string_view frame, const net::Sign& sign) {
  return sign.kind == net::Sign::Kind::Answers ? is_answer(frame, sign) : is_lease(frame, sign);
}

}  // namespace hopyard::keeper
