#include "netlink/nsid.hh"

#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cstddef>

#include "netlink/attributes.hh"
#include "netlink/batch.hh"
#include "netlink/reply.hh"

namespace hopyard::netlink {
namespace {

/// RTM_GETNSID with at most two attributes, all of four bytes.
struct Question {
  struct Attribute {
    nlattr head;
    std::uint32_t value;
  };
  nlmsghdr head;
  rtgenmsg body;
  char padding[3];
  Attribute attributes[2];

  Question() : head{}, body{}, padding{}, attributes{} {
    head.nlmsg_len = offsetof(Question, attributes);
    head.nlmsg_type = RTM_GETNSID;
  }
  void add(std::uint16_t type, std::uint32_t value) {
    const std::size_t place = (head.nlmsg_len - offsetof(Question, attributes)) / sizeof(Attribute);
    attributes[place] = {{sizeof(Attribute), type}, value};
    head.nlmsg_len += sizeof(Attribute);
  }
};

/// @return nothing when the answer has no number.
Result<std::optional<Nsid>> ask(Socket& socket, Question& question) {
  question.head.nlmsg_flags = NLM_F_REQUEST;
  question.head.nlmsg_seq = socket.next_sequence();
  HOPYARD_TRY(socket.send({reinterpret_cast<const char*>(&question), question.head.nlmsg_len}));
  for (;;) {
    std::array<char, 8192> room;
    HOPYARD_TAKE(answer, socket.receive(room));
    for (const Ack& ack : read_acks(answer))
      if (ack.sequence == question.head.nlmsg_seq)
        return failure("ask for the number of a network namespace", "", ack.code, ack.words);
    bool answered = false;
    std::optional<Nsid> nsid;
    for_each_message(answer, [&](const nlmsghdr& message) {
      if (message.nlmsg_seq != question.head.nlmsg_seq) return;
      answered = true;
      nsid = read_nsid(message);
    });
    if (answered) return nsid;
  }
}

}  // namespace

std::optional<Nsid> read_nsid(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWNSID) return std::nullopt;
  const auto parts = split<rtgenmsg>(message);
  if (!parts) return std::nullopt;
  const AttributeTable<NETNSA_MAX> table(parts->attributes);
  const auto id = table[NETNSA_NSID].as<std::int32_t>();
  if (!id) return std::nullopt;
  Nsid nsid{*id, table[NETNSA_CURRENT_NSID].as<std::int32_t>()};
  if (nsid.current && *nsid.current < 0) nsid.current.reset();
  return nsid;
}

Result<std::optional<std::int32_t>> nsid_of(Socket& socket, int netns) {
  Question question;
  question.add(NETNSA_FD, static_cast<std::uint32_t>(netns));
  HOPYARD_TAKE(nsid, ask(socket, question));
  // NETNSA_NSID_NOT_ASSIGNED is -1.
  return nsid && nsid->id >= 0 ? std::optional(nsid->id) : std::nullopt;
}

Result<Nsid> translate_nsid(Socket& socket, std::int32_t id, std::optional<std::int32_t> target) {
  Question question;
  question.add(NETNSA_NSID, static_cast<std::uint32_t>(id));
  if (target) question.add(NETNSA_TARGET_NSID, static_cast<std::uint32_t>(*target));
  HOPYARD_TAKE(nsid, ask(socket, question));
  return nsid.value_or(Nsid{});
}

Result<> set_nsid(Socket& socket, int netns, std::optional<std::int32_t> id) {
  Batch batch(socket);
  HOPYARD_TRY(batch.begin(RTM_NEWNSID, 0));
  batch.put_header(rtgenmsg{});
  batch.put_u32(NETNSA_FD, static_cast<std::uint32_t>(netns));
  batch.put_u32(NETNSA_NSID, static_cast<std::uint32_t>(id.value_or(NETNSA_NSID_NOT_ASSIGNED)));
  return batch.commit();
}

Result<std::vector<Nsid>> list_nsids(Socket& socket, std::optional<std::int32_t> target) {
  Question question;
  if (target) question.add(NETNSA_TARGET_NSID, static_cast<std::uint32_t>(*target));
  HOPYARD_TAKE(answer, socket.dump(question.head));
  std::vector<Nsid> found;
  for_each_message(answer, [&](const nlmsghdr& message) {
    if (const auto nsid = read_nsid(message)) found.push_back(*nsid);
  });
  return found;
}

}  // namespace hopyard::netlink
