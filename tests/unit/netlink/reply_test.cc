#include "netlink/reply.hh"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "netlink/address.hh"
#include "netlink/attributes.hh"
#include "netlink/link.hh"
#include "netlink/qdisc.hh"
#include "netlink/route.hh"

namespace hopyard::netlink {
namespace {

/// Datagrams as the kernel would write them.
class Datagram {
 public:
  nlmsghdr& begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence) {
    at_ = bytes_.size();
    nlmsghdr head{};
    head.nlmsg_type = type;
    head.nlmsg_flags = flags;
    head.nlmsg_seq = sequence;
    add(&head, sizeof head);
    return message();
  }
  void add(const void* data, std::size_t size) {
    const auto* begin = static_cast<const char*>(data);
    bytes_.insert(bytes_.end(), begin, begin + size);
    bytes_.resize(NLMSG_ALIGN(bytes_.size()));
    message().nlmsg_len = static_cast<std::uint32_t>(bytes_.size() - at_);
  }
  void attribute(std::uint16_t type, std::string_view payload) {
    const nlattr head{static_cast<std::uint16_t>(NLA_HDRLEN + payload.size()), type};
    add(&head, sizeof head);
    add(payload.data(), payload.size());
  }
  nlmsghdr& message() { return *reinterpret_cast<nlmsghdr*>(bytes_.data() + at_); }
  [[nodiscard]] std::span<const char> bytes() const { return bytes_; }

 private:
  std::vector<char> bytes_;
  std::size_t at_ = 0;
};

void add_error(Datagram& datagram, std::uint32_t sequence, int code, std::string_view words, bool capped) {
  nlmsgerr error{};
  error.error = -code;
  error.msg.nlmsg_len = sizeof(nlmsghdr) + 8;
  const int flags = (capped ? NLM_F_CAPPED : 0) | (words.empty() ? 0 : NLM_F_ACK_TLVS);
  datagram.begin(NLMSG_ERROR, static_cast<std::uint16_t>(flags), sequence);
  datagram.add(&error, sizeof error);
  if (!capped) datagram.add("\0\0\0\0\0\0\0\0", 8);
  if (!words.empty()) datagram.attribute(NLMSGERR_ATTR_MSG, words);
}

TEST(Acks, SeveralInOneDatagram) {
  Datagram datagram;
  add_error(datagram, 5, EEXIST, "", true);
  add_error(datagram, 6, 0, "", true);
  const auto acks = read_acks(datagram.bytes());
  ASSERT_EQ(acks.size(), 2U);
  EXPECT_EQ(acks[0].sequence, 5U);
  EXPECT_EQ(acks[0].code, EEXIST);
  EXPECT_EQ(acks[1].code, 0);
}

TEST(Acks, WordsWithAndWithoutTheRequest) {
  for (const bool capped : {true, false}) {
    Datagram datagram;
    add_error(datagram, 1, EINVAL, std::string_view("Nexthop has invalid gateway\0", 28), capped);
    const auto acks = read_acks(datagram.bytes());
    ASSERT_EQ(acks.size(), 1U);
    EXPECT_EQ(acks[0].words, "Nexthop has invalid gateway") << (capped ? "capped" : "whole");
  }
}

TEST(Acks, BrokenLengthsEndTheReading) {
  Datagram datagram;
  add_error(datagram, 1, EINVAL, "x", false);
  std::vector<char> bytes(datagram.bytes().begin(), datagram.bytes().end());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto acks = read_acks(std::span<const char>(bytes).first(size));
    EXPECT_TRUE(acks.empty()) << size;
  }
  reinterpret_cast<nlmsgerr*>(bytes.data() + NLMSG_HDRLEN)->msg.nlmsg_len = UINT32_MAX;
  ASSERT_EQ(read_acks(bytes).size(), 1U);
  EXPECT_EQ(read_acks(bytes)[0].words, "");
}

TEST(Dumps, GatherUntilDone) {
  Datagram datagram;
  datagram.begin(RTM_NEWLINK, NLM_F_MULTI, 9).nlmsg_seq = 9;
  datagram.add("abcd", 4);
  datagram.begin(RTM_NEWLINK, NLM_F_MULTI, 8);  // of an earlier dump, given up
  datagram.begin(NLMSG_DONE, NLM_F_MULTI, 9);
  datagram.add("\0\0\0\0", 4);
  std::vector<char> answer;
  const DumpPart part = read_dump(datagram.bytes(), 9, answer);
  EXPECT_EQ(part.state, DumpPart::State::Done);
  EXPECT_EQ(answer.size(), NLMSG_HDRLEN + 4U);
}

TEST(Dumps, TheLastMessageMayCarryAnError) {
  Datagram datagram;
  datagram.begin(NLMSG_DONE, NLM_F_MULTI, 9);
  const int code = -EMSGSIZE;
  datagram.add(&code, sizeof code);
  std::vector<char> answer;
  const DumpPart part = read_dump(datagram.bytes(), 9, answer);
  EXPECT_EQ(part.state, DumpPart::State::Failed);
  EXPECT_EQ(part.code, EMSGSIZE);
}

TEST(Dumps, AnErrorInsteadOfADump) {
  Datagram datagram;
  add_error(datagram, 9, EOPNOTSUPP, "no", true);
  std::vector<char> answer;
  const DumpPart part = read_dump(datagram.bytes(), 9, answer);
  EXPECT_EQ(part.state, DumpPart::State::Failed);
  EXPECT_EQ(part.code, EOPNOTSUPP);
  EXPECT_EQ(part.words, "no");
}

TEST(Dumps, AnInterruptedOneIsNoAnswer) {
  Datagram datagram;
  datagram.begin(RTM_NEWLINK, NLM_F_MULTI | NLM_F_DUMP_INTR, 9);
  datagram.begin(NLMSG_DONE, NLM_F_MULTI, 9);
  std::vector<char> answer;
  EXPECT_EQ(read_dump(datagram.bytes(), 9, answer).state, DumpPart::State::Interrupted);
}

TEST(Dumps, BytesThatAreNoMessage) {
  std::vector<char> answer;
  const DumpPart part = read_dump(std::string_view("nonsense that is long enough"), 9, answer);
  EXPECT_EQ(part.state, DumpPart::State::Failed);
  EXPECT_EQ(part.code, EBADMSG);
}

TEST(Attributes, ReadingChecksTheLength) {
  const std::string three = "abc";
  const Attribute attribute{std::span<const char>(three)};
  EXPECT_FALSE(attribute.as<std::uint32_t>().has_value());
  EXPECT_TRUE(attribute.as<std::uint16_t>().has_value());
  EXPECT_FALSE(attribute.mac().has_value());
  EXPECT_FALSE(attribute.address(Family::V4).has_value());
  EXPECT_EQ(attribute.text(), "abc");
  EXPECT_FALSE(Attribute().present());
}

TEST(Attributes, TypesBeyondTheTableArePassedOver) {
  Datagram datagram;
  datagram.begin(RTM_NEWLINK, 0, 0);
  const ifinfomsg header{};
  datagram.add(&header, sizeof header);
  datagram.attribute(60000 & NLA_TYPE_MASK, "later");
  datagram.attribute(IFLA_IFNAME | NLA_F_NET_BYTEORDER, "eth0");
  const auto link = read_link(datagram.message());
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->name, "eth0");
}

TEST(Messages, OfAnotherTypeAreNotRead) {
  Datagram datagram;
  datagram.begin(NLMSG_NOOP, 0, 0);
  EXPECT_FALSE(read_link(datagram.message()).has_value());
  EXPECT_FALSE(read_address(datagram.message()).has_value());
  EXPECT_FALSE(read_route(datagram.message()).has_value());
  EXPECT_FALSE(read_qdisc(datagram.message()).has_value());
}

TEST(Messages, TooShortForTheirHeaderAreNotRead) {
  for (const std::uint16_t type : {RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE, RTM_NEWQDISC}) {
    Datagram datagram;
    datagram.begin(type, 0, 0);
    datagram.add("abc", 3);
    EXPECT_FALSE(read_link(datagram.message()).has_value());
    EXPECT_FALSE(read_address(datagram.message()).has_value());
    EXPECT_FALSE(read_route(datagram.message()).has_value());
    EXPECT_FALSE(read_qdisc(datagram.message()).has_value());
  }
}

TEST(Messages, APrefixLongerThanTheFamilyAllowsIsNotRead) {
  Datagram datagram;
  datagram.begin(RTM_NEWROUTE, 0, 0);
  rtmsg header{};
  header.rtm_family = AF_INET;
  header.rtm_dst_len = 33;
  datagram.add(&header, sizeof header);
  EXPECT_FALSE(read_route(datagram.message()).has_value());
}

}  // namespace
}  // namespace hopyard::netlink
