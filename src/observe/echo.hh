#pragma once

#include <cstdint>
#include <span>

#include "base/error.hh"
#include "base/ip.hh"
#include "sys/fd.hh"

namespace hopyard::observe {

/// Echo requests from a network namespace to one address (ICMP, RFC 792; ICMPv6, RFC 4443), as ping(8) sends
/// them, with a hop limit of 255.
class Echo {
 public:
  /// A raw socket in the namespace of descriptor @p netns; the calling thread comes back. The socket keeps
  /// the namespace alive.
  [[nodiscard]] static Result<Echo> open(int netns, const IpAddress& to);

  /// Sends the next request. The error, such as ENETUNREACH, tells why there is no way to send it; it then
  /// remains without an answer.
  Result<> send();
  /// Readable when something has come, which may be an answer.
  [[nodiscard]] int descriptor() const { return fd_.get(); }
  /// Reads what has come, without waiting. @return true if the request that was sent last is among what was
  /// answered.
  [[nodiscard]] bool answered();
  [[nodiscard]] const IpAddress& to() const { return to_; }

 private:
  Echo(sys::Fd fd, const IpAddress& to, std::uint16_t id) : fd_(std::move(fd)), to_(to), id_(id) {}

  sys::Fd fd_;
  IpAddress to_;
  std::uint16_t id_;
  std::uint16_t sequence_ = 0;
};

/// The header of an echo request: type, code, checksum (of IPv4; the kernel makes that of IPv6), identifier,
/// sequence number, without data.
struct EchoMessage {
  std::uint8_t bytes[8];
};
[[nodiscard]] EchoMessage echo_request(Family family, std::uint16_t id, std::uint16_t sequence);

/// Whether @p packet, as a raw socket of the family gives it (IPv4: with its IP header), is the answer to
/// that request.
[[nodiscard]] bool is_answer(Family family, std::span<const unsigned char> packet, std::uint16_t id,
                             std::uint16_t sequence);

}  // namespace hopyard::observe
