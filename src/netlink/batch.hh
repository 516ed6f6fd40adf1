#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "base/ip.hh"
#include "netlink/socket.hh"

namespace hopyard::netlink {

/// Requests to one socket, gathered and sent together. The kernel runs them in order and goes on after one
/// that it refuses. Only the last is acknowledged when all is well; a refusal is always told.
class Batch {
 public:
  /// @param socket outlives the batch.
  explicit Batch(Socket& socket);
  /// One that is never sent: its first requests, as many as fit, are there to be read with bytes().
  Batch() = default;

  /// Requests from now on belong to @p operation, a number of the caller's, which refused() gives back.
  void attribute_to(std::uint32_t operation) { operation_ = operation; }

  /// Starts a request; NLM_F_REQUEST is set here. Sends what was gathered before if there is no room for one
  /// more: then the error may be an earlier request's.
  /// @param forgiven an errno that counts as success for this request, 0 for none.
  [[nodiscard]] Result<> begin(std::uint16_t type, std::uint16_t flags, int forgiven = 0);

  /// Adds the fixed header behind the netlink header, zeroed but for what @p header says.
  template <class Header>
  void put_header(const Header& header) {
    put_header_bytes(&header, sizeof header);
  }
  void put(std::uint16_t type, const void* data, std::size_t size);
  void put_u8(std::uint16_t type, std::uint8_t value) { put(type, &value, sizeof value); }
  void put_u16(std::uint16_t type, std::uint16_t value) { put(type, &value, sizeof value); }
  void put_u32(std::uint16_t type, std::uint32_t value) { put(type, &value, sizeof value); }
  void put_u64(std::uint16_t type, std::uint64_t value) { put(type, &value, sizeof value); }
  void put_text(std::uint16_t type, std::string_view text);  ///< with a NUL
  void put_address(std::uint16_t type, const IpAddress& address) {
    put(type, address.data(), address.size());
  }
  /// Bytes without an attribute's header, as RTA_MULTIPATH and VETH_INFO_PEER hold them; @return where they
  /// lie.
  std::size_t put_raw(const void* data, std::size_t size);
  /// Opens an attribute that holds others. @return what close() takes.
  [[nodiscard]] std::size_t open(std::uint16_t type);
  /// Opens an attribute that begins with something else than attributes, and so is not marked as holding
  /// them.
  [[nodiscard]] std::size_t open_plain(std::uint16_t type);
  void close(std::size_t nest);
  /// For a length field inside of put_raw() bytes: writes @p value at @p offset from the batch's begin.
  void patch_u16(std::size_t offset, std::uint16_t value);
  [[nodiscard]] std::size_t size() const { return size_; }
  /// The requests gathered so far.
  [[nodiscard]] std::span<const char> bytes() const { return {buffer_.get(), size_}; }

  /// Sends what was gathered and waits until all of it is done.
  /// @return the first refusal, its detail being the kernel's words.
  [[nodiscard]] Result<> commit();
  /// The operation whose request made the last commit() or begin() fail.
  [[nodiscard]] std::uint32_t refused() const { return refused_; }

 private:
  struct Request {
    std::uint32_t operation;
    int forgiven;
  };
  [[nodiscard]] nlmsghdr* current() { return reinterpret_cast<nlmsghdr*>(buffer_.get() + begin_); }
  void put_header_bytes(const void* data, std::size_t size);
  [[nodiscard]] Result<> await();
  [[nodiscard]] bool has_room(std::size_t more);

  Socket* socket_ = nullptr;
  std::unique_ptr<char[]> buffer_;  // only while there is something in it: there may be a thousand batches
  std::size_t size_ = 0;            ///< bytes in use
  std::size_t begin_ = 0;           ///< of the request being written
  bool overflow_ = false;
  std::uint32_t operation_ = UINT32_MAX;
  std::uint32_t refused_ = UINT32_MAX;
  std::uint32_t first_sequence_ = 0;
  std::vector<Request> requests_;
};

}  // namespace hopyard::netlink
