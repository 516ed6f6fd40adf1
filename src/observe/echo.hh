#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/error.hh"
#include "base/ip.hh"
#include "sys/fd.hh"

namespace hopyard::observe {

/// The numbers of echo requests, and of which of them an answer counts.
class EchoNumbers {
 public:
  /// The number of the next request.
  std::uint16_t next();
  /// From now on an answer to a request that was numbered before does not count.
  void forget() { counting_ = 0; }
  /// Whether an answer to @p number counts. Numbers come round after 65536 requests: of so many, those of the
  /// second half do.
  [[nodiscard]] bool counts(std::uint16_t number) const;

 private:
  std::uint16_t last_ = 0;
  std::uint16_t counting_ = 0;  ///< so many requests, the last one included
};

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
  /// Reads what has come, without waiting. @return true if a request that was sent since forget() is among
  /// what was answered: an answer may take longer to come back than the next request waits.
  [[nodiscard]] bool answered();
  /// What was sent until now needs no answer any more, and one that comes does not count.
  void forget() { numbers_.forget(); }
  [[nodiscard]] const IpAddress& to() const { return to_; }

 private:
  Echo(sys::Fd fd, const IpAddress& to, std::uint16_t id) : fd_(std::move(fd)), to_(to), id_(id) {}

  sys::Fd fd_;
  IpAddress to_;
  std::uint16_t id_;
  EchoNumbers numbers_;
};

/// The header of an echo request: type, code, checksum (of IPv4; the kernel makes that of IPv6), identifier,
/// sequence number, without data.
struct EchoMessage {
  std::uint8_t bytes[8];
};
[[nodiscard]] EchoMessage echo_request(Family family, std::uint16_t id, std::uint16_t sequence);

/// The sequence number of the request that @p packet, as a raw socket of the family gives it (IPv4: with its
/// IP header), is the answer to; nothing if it is none, or of another identifier than @p id.
[[nodiscard]] std::optional<std::uint16_t> answered_number(Family family,
                                                           std::span<const unsigned char> packet,
                                                           std::uint16_t id);

}  // namespace hopyard::observe
