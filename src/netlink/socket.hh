#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

struct nlmsghdr;

namespace hopyard::netlink {

/// A route socket (rtnetlink(7)) that belongs to the network namespace it was opened in, and can be used from
/// anywhere afterwards. Not for several threads at once. Errors come with the kernel's words
/// (NETLINK_EXT_ACK) and without a copy of the request (NETLINK_CAP_ACK); dumps are checked strictly
/// (NETLINK_GET_STRICT_CHK).
class Socket {
 public:
  /// Opens one in the network namespace of the calling thread.
  [[nodiscard]] static Result<Socket> open();

  /// The same for generic netlink (linux/genetlink.h).
  [[nodiscard]] static Result<Socket> open_generic();

  /// The same for the packet filter (linux/netfilter/nfnetlink.h).
  [[nodiscard]] static Result<Socket> open_netfilter();

  /// Opens one that is told of what changes: @p groups are RTNLGRP_… of linux/rtnetlink.h. Up to @p buffer
  /// bytes of notifications wait to be read, beyond the host's net.core.rmem_max where the caller may
  /// (SO_RCVBUFFORCE). Not for requests: their answers would be among the notifications.
  [[nodiscard]] static Result<Socket> open_listening(std::span<const unsigned> groups, int buffer);

  [[nodiscard]] int descriptor() const { return fd_.get(); }
  /// A sequence number that no earlier request of this socket had.
  [[nodiscard]] std::uint32_t next_sequence() { return ++sequence_; }

  /// Sends whole messages in one go.
  [[nodiscard]] Result<> send(std::span<const char> messages);
  /// Waits for one datagram from the kernel, and drops those of other senders. ENOBUFS is an error: an answer
  /// was lost.
  /// @param room where it goes. @return the part of @p room that holds it.
  [[nodiscard]] Result<std::span<const char>> receive(std::span<char> room);
  /// The same without waiting: empty when there is nothing.
  [[nodiscard]] Result<std::span<const char>> receive_waiting(std::span<char> room);

  /// Sends a dump request (its NLM_F_DUMP and sequence are set here) and returns all messages of the answer
  /// one after the other, without the closing one. Starts over when what was listed changed meanwhile
  /// (NLM_F_DUMP_INTR), ten times at most.
  [[nodiscard]] Result<std::vector<char>> dump(nlmsghdr& request);

 private:
  explicit Socket(sys::Fd fd) : fd_(std::move(fd)) {}
  [[nodiscard]] static Result<Socket> open(int protocol);
  [[nodiscard]] Result<std::span<const char>> receive(std::span<char> room, int flags);
  sys::Fd fd_;
  std::uint32_t sequence_ = 0;
};

}  // namespace hopyard::netlink
