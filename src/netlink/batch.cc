#include "netlink/batch.hh"

#include <libmnl/libmnl.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>

#include "netlink/reply.hh"

namespace hopyard::netlink {
namespace {

// One send must fit the socket's send buffer, and stay far below it: the kernel takes a copy in one piece.
constexpr std::size_t capacity = 32768;
// A route with 256 next hops, the longest request there is, takes 7 KiB.
constexpr std::size_t longest_request = 8192;

}  // namespace

Batch::Batch(Socket& socket) : socket_(&socket) {}

Result<> Batch::begin(std::uint16_t type, std::uint16_t flags, int forgiven) {
  if (size_ + longest_request > capacity) HOPYARD_TRY(commit());
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(capacity);
  const std::uint32_t sequence = socket_ == nullptr ? 0 : socket_->next_sequence();
  if (requests_.empty()) first_sequence_ = sequence;
  requests_.push_back({operation_, forgiven});
  begin_ = size_;
  nlmsghdr* message = mnl_nlmsg_put_header(buffer_.get() + begin_);
  message->nlmsg_type = type;
  message->nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
  message->nlmsg_seq = sequence;
  size_ += message->nlmsg_len;
  return {};
}

bool Batch::has_room(std::size_t more) {
  if (size_ + more + MNL_ATTR_HDRLEN + MNL_ALIGNTO <= capacity) return true;
  overflow_ = true;
  return false;
}

void Batch::put_header_bytes(const void* data, std::size_t size) {
  if (!has_room(size)) return;
  std::memcpy(mnl_nlmsg_put_extra_header(current(), size), data, size);
  size_ = begin_ + current()->nlmsg_len;
}

void Batch::put(std::uint16_t type, const void* data, std::size_t size) {
  if (!has_room(size)) return;
  mnl_attr_put(current(), type, size, data);
  size_ = begin_ + current()->nlmsg_len;
}

void Batch::put_text(std::uint16_t type, std::string_view text) {
  if (!has_room(text.size() + 1)) return;
  mnl_attr_put_strz(current(), type, std::string(text).c_str());
  size_ = begin_ + current()->nlmsg_len;
}

std::size_t Batch::put_raw(const void* data, std::size_t size) {
  const std::size_t at = size_;
  if (!has_room(size)) return at;
  std::memcpy(mnl_nlmsg_put_extra_header(current(), size), data, size);
  size_ = begin_ + current()->nlmsg_len;
  return at;
}

std::size_t Batch::open(std::uint16_t type) {
  const std::size_t at = size_;
  if (!has_room(0)) return at;
  mnl_attr_nest_start(current(), type);
  size_ = begin_ + current()->nlmsg_len;
  return at;
}

std::size_t Batch::open_plain(std::uint16_t type) {
  const std::size_t at = open(type);
  patch_u16(at + offsetof(nlattr, nla_type), type);
  return at;
}

void Batch::close(std::size_t nest) {
  if (!overflow_) mnl_attr_nest_end(current(), reinterpret_cast<nlattr*>(buffer_.get() + nest));
}

void Batch::patch_u16(std::size_t offset, std::uint16_t value) {
  if (!overflow_) std::memcpy(buffer_.get() + offset, &value, sizeof value);
}

Result<> Batch::commit() {
  if (requests_.empty()) return {};
  current()->nlmsg_flags |= NLM_F_ACK;
  Result<> outcome;
  if (overflow_) {
    refused_ = requests_.back().operation;
    outcome = failure("write a request", "", EMSGSIZE);
  } else {
    refused_ = requests_.front().operation;
    outcome = socket_->send(bytes());
    if (outcome) outcome = await();
  }
  requests_.clear();
  buffer_.reset();
  size_ = begin_ = 0;
  overflow_ = false;
  return outcome;
}

Result<> Batch::await() {
  std::array<char, 8192> room;
  Result<> outcome;
  for (std::size_t last = requests_.size() - 1;;) {
    HOPYARD_TAKE(datagram, socket_->receive(room));
    for (Ack& ack : read_acks(datagram)) {
      const std::uint32_t index = ack.sequence - first_sequence_;
      if (index > last) continue;  // the answer to an earlier request, given up
      if (ack.code != 0 && ack.code != requests_[index].forgiven && outcome) {
        refused_ = requests_[index].operation;
        outcome = failure("ask the kernel", "", ack.code, std::move(ack.words));
      }
      if (index == last) return outcome;
    }
  }
}

}  // namespace hopyard::netlink
