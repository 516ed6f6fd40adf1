#include "netlink/reply.hh"

#include <cerrno>
#include <climits>
#include <cstring>

#include "netlink/attributes.hh"

namespace hopyard::netlink {
namespace {

/// The extended part of an acknowledgement or of a dump's end begins at @p offset of the message.
std::string words_at(const nlmsghdr& message, std::size_t offset) {
  if ((message.nlmsg_flags & NLM_F_ACK_TLVS) == 0 || offset >= message.nlmsg_len) return {};
  const auto* bytes = reinterpret_cast<const char*>(&message);
  const AttributeTable<NLMSGERR_ATTR_MSG> table({bytes + offset, message.nlmsg_len - offset});
  return std::string(table[NLMSGERR_ATTR_MSG].text());
}

/// The errno of a code as the kernel writes it, 0 or negative (netlink(7)); EBADMSG for what it never writes.
int errno_of(int code) {
  return code > 0 || code == INT_MIN ? EBADMSG : -code;
}

std::optional<Ack> read_ack(const nlmsghdr& message) {
  if (message.nlmsg_len < NLMSG_LENGTH(sizeof(nlmsgerr))) return std::nullopt;
  nlmsgerr error;
  std::memcpy(&error, reinterpret_cast<const char*>(&message) + NLMSG_HDRLEN, sizeof error);
  // An acknowledgement that is not capped carries the request's payload before its own attributes.
  std::size_t offset = NLMSG_LENGTH(sizeof error);
  if ((message.nlmsg_flags & NLM_F_CAPPED) == 0 && error.msg.nlmsg_len > sizeof error.msg) {
    offset += NLMSG_ALIGN(std::size_t{error.msg.nlmsg_len}) - sizeof error.msg;
  }
  return Ack{message.nlmsg_seq, errno_of(error.error), words_at(message, offset)};
}

int done_code(const nlmsghdr& message) {
  if (message.nlmsg_len < NLMSG_LENGTH(sizeof(int))) return 0;
  int code = 0;
  std::memcpy(&code, reinterpret_cast<const char*>(&message) + NLMSG_HDRLEN, sizeof code);
  return code < 0 ? errno_of(code) : 0;
}

/// What one message means for the dump it belongs to.
DumpPart judge(const nlmsghdr& message) {
  DumpPart part;
  if ((message.nlmsg_flags & NLM_F_DUMP_INTR) != 0) {
    part.state = DumpPart::State::Interrupted;
  } else if (message.nlmsg_type == NLMSG_DONE) {
    part.code = done_code(message);
    part.state = part.code == 0 ? DumpPart::State::Done : DumpPart::State::Failed;
    part.words = words_at(message, NLMSG_LENGTH(sizeof(int)));
  } else if (message.nlmsg_type == NLMSG_ERROR) {
    const auto ack = read_ack(message);
    part.state = DumpPart::State::Failed;
    part.code = ack && ack->code != 0 ? ack->code : EBADMSG;
    if (ack) part.words = ack->words;
  }
  return part;
}

}  // namespace

std::vector<Ack> read_acks(std::span<const char> datagram) {
  std::vector<Ack> acks;
  for_each_message(datagram, [&](const nlmsghdr& message) {
    if (message.nlmsg_type != NLMSG_ERROR) return;
    if (auto ack = read_ack(message)) acks.push_back(std::move(*ack));
  });
  return acks;
}

DumpPart read_dump(std::span<const char> datagram, std::uint32_t sequence, std::vector<char>& answer) {
  DumpPart whole;
  std::size_t messages = 0;
  for_each_message(datagram, [&](const nlmsghdr& message) {
    ++messages;
    if (message.nlmsg_seq != sequence || whole.state != DumpPart::State::More) return;
    const std::size_t taken = whole.taken;
    whole = judge(message);
    whole.taken = taken;
    if (whole.state != DumpPart::State::More || message.nlmsg_type < NLMSG_MIN_TYPE) return;
    const auto* bytes = reinterpret_cast<const char*>(&message);
    answer.insert(answer.end(), bytes, bytes + message.nlmsg_len);
    answer.resize(NLMSG_ALIGN(answer.size()));
    whole.taken += message.nlmsg_len;
  });
  if (messages == 0) whole.state = DumpPart::State::Failed, whole.code = EBADMSG;
  return whole;
}

}  // namespace hopyard::netlink
