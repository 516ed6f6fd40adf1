#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What the kernel answers. All of it takes bytes as they come and trusts no length in them.
namespace hopyard::netlink {

/// An acknowledgement (NLMSG_ERROR, linux/netlink.h).
struct Ack {
  std::uint32_t sequence = 0;  ///< of the request it answers
  int code = 0;                ///< errno, 0 when all is well
  std::string words;           ///< NLMSGERR_ATTR_MSG, the kernel's own; may be empty
};

/// All acknowledgements in @p datagram, in order; other messages are passed over. Ends at the first broken
/// length.
[[nodiscard]] std::vector<Ack> read_acks(std::span<const char> datagram);

/// How far a dump has come with one more datagram.
struct DumpPart {
  enum class State : std::uint8_t { More, Done, Interrupted, Failed };
  State state = State::More;
  int code = 0;  ///< errno, when it failed
  std::string words;
  std::size_t taken = 0;  ///< bytes appended to the answer
};

/// Appends the messages of @p datagram that answer request @p sequence to @p answer. A closing message with
/// an errno is a failure, a message marked NLM_F_DUMP_INTR makes the whole dump worthless. Bytes that are no
/// message are a failure (EBADMSG).
[[nodiscard]] DumpPart read_dump(std::span<const char> datagram, std::uint32_t sequence,
                                 std::vector<char>& answer);

/// Calls @p use with each message of @p messages whose length is good.
template <class Use>
void for_each_message(std::span<const char> messages, Use&& use) {
  while (messages.size() >= sizeof(nlmsghdr)) {
    const auto* message = reinterpret_cast<const nlmsghdr*>(messages.data());
    const std::size_t step = NLMSG_ALIGN(message->nlmsg_len);
    if (message->nlmsg_len < sizeof(nlmsghdr) || message->nlmsg_len > messages.size()) return;
    use(*message);
    if (step >= messages.size()) return;
    messages = messages.subspan(step);
  }
}

}  // namespace hopyard::netlink
