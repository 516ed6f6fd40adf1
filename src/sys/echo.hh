#pragma once

#include <cstdint>

#include "base/error.hh"
#include "base/ip.hh"
#include "sys/fd.hh"

namespace hopyard::sys {

/// Asks an address for echoes, as ping(8) does (ICMP, RFC 792; ICMPv6, RFC 4443), from the network namespace
/// in which it was opened. Needs CAP_NET_RAW there.
class EchoSocket {
 public:
  /// In the calling thread's namespace. The error tells when the node has no way to @p to at all.
  [[nodiscard]] static Result<EchoSocket> open(const IpAddress& to);
  /// Sends the request number @p sequence.
  [[nodiscard]] Result<> send(std::uint16_t sequence);
  /// Takes all that has come; does not wait. @return whether the echo of request @p sequence was there.
  [[nodiscard]] bool answered(std::uint16_t sequence);
  /// To poll(2) for reading.
  [[nodiscard]] int descriptor() const { return socket_.get(); }

 private:
  EchoSocket(Fd socket, Family family, std::uint16_t identifier)
      : socket_(std::move(socket)), family_(family), identifier_(identifier) {}
  Fd socket_;
  Family family_;
  std::uint16_t identifier_;
};

}  // namespace hopyard::sys
