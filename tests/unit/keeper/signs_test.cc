#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "keeper/sign_frames.hh"

namespace hopyard::keeper {
namespace {

net::Sign ping(const char* machine, const char* neighbour) {
  net::Sign sign;
  sign.mac = *Mac::parse("02:00:00:00:00:01");
  sign.neighbour_mac = *Mac::parse("02:00:00:00:00:02");
  sign.address = *IpAddress::parse(machine);
  sign.neighbour = *IpAddress::parse(neighbour);
  return sign;
}

std::string bytes(std::initializer_list<int> values) {
  std::string all;
  for (const int one : values) all += static_cast<char>(one);
  return all;
}

/// What a machine makes of a request: both ends change places, and the type is that of a reply.
std::string reply_to(std::string frame, bool four) {
  std::swap_ranges(frame.begin(), frame.begin() + 6, frame.begin() + 6);
  const std::ptrdiff_t from = four ? 26 : 22;
  const std::ptrdiff_t size = four ? 4 : 16;
  std::swap_ranges(frame.begin() + from, frame.begin() + from + size, frame.begin() + from + size);
  frame[four ? 34 : 54] = static_cast<char>(four ? 0 : 129);
  return frame;
}

TEST(Signs, AnEchoRequestIsWholeInBothFamilies) {
  // Both as ping(8) would have them: the checksums are those that Linux takes.
  EXPECT_EQ(
      echo_request(ping("10.0.0.1", "10.0.0.2")),
      bytes({2, 0,  0, 0,    0,    1,  2, 0, 0, 0,  0, 2, 0x08, 0x00, 0x45, 0,    0,    36,   0,    0, 0,
             0, 64, 1, 0x66, 0xd7, 10, 0, 0, 2, 10, 0, 0, 1,    8,    0,    0xf1, 0x05, 0x68, 0x6f, 0, 1}) +
          "hopyard.");
  const std::string six = echo_request(ping("fd00::1", "fd00::2"));
  EXPECT_EQ(six.substr(12, 10), bytes({0x86, 0xdd, 0x60, 0, 0, 0, 0, 16, 58, 64}));
  EXPECT_EQ(six.size(), 14U + 40 + 16);
}

TEST(Signs, TheReplyCountsAndNothingElse) {
  for (const bool four : {true, false}) {
    const net::Sign sign = four ? ping("10.0.0.1", "10.0.0.2") : ping("fd00::1", "fd00::2");
    const net::Sign other = four ? ping("10.0.0.3", "10.0.0.2") : ping("fd00::3", "fd00::2");
    const std::string request = echo_request(sign);
    const std::string reply = reply_to(request, four);
    EXPECT_TRUE(is_sign(reply, sign));
    EXPECT_FALSE(is_sign(request, sign));
    EXPECT_FALSE(is_sign(reply, other));
    std::string of_another_process = reply;
    of_another_process[four ? 38 : 58] = 7;
    EXPECT_FALSE(is_sign(of_another_process, sign));
    for (std::size_t size = 0; size < (four ? 42U : 62U); ++size)
      EXPECT_FALSE(is_sign(reply.substr(0, size), sign)) << size;
  }
}

/// A message of a server, with its options.
std::string from_server(std::string_view mac, const std::string& given, const std::string& options) {
  const std::string message = bytes({2, 1, 6, 0}) + std::string(12, '\0') + given + std::string(8, '\0') +
                              std::string(mac) + std::string(202, '\0') + bytes({0x63, 0x82, 0x53, 0x63}) +
                              options;
  return std::string(12, '\1') + bytes({0x08, 0x00, 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0}) +
         std::string(8, '\1') + bytes({0, 67, 0, 68, 0, 0, 0, 0}) + message;
}

TEST(Signs, AnAcknowledgedLeaseCounts) {
  net::Sign sign;
  sign.kind = net::Sign::Kind::Leased;
  sign.mac = *Mac::parse("02:00:00:00:00:01");
  const std::string own = bytes({2, 0, 0, 0, 0, 1});
  const std::string address = bytes({10, 0, 0, 1});
  const std::string ack = bytes({54, 4, 10, 0, 0, 9, 0, 53, 1, 5, 255});
  EXPECT_TRUE(is_sign(from_server(own, address, ack), sign));
  EXPECT_FALSE(is_sign(from_server(own, address, bytes({53, 1, 2, 255})), sign));  // an offer
  EXPECT_FALSE(is_sign(from_server(own, address, bytes({53, 1, 6, 255})), sign));  // a refusal
  EXPECT_FALSE(is_sign(from_server(own, std::string(4, '\0'), ack), sign));        // to DHCPINFORM
  EXPECT_FALSE(is_sign(from_server(bytes({2, 0, 0, 0, 0, 2}), address, ack), sign));
  EXPECT_FALSE(is_sign(from_server(own, address, bytes({255, 53, 1, 5})), sign));
  EXPECT_FALSE(is_sign(from_server(own, address, bytes({53})), sign));
  const std::string whole = from_server(own, address, bytes({53, 1, 5}));
  EXPECT_TRUE(is_sign(whole, sign));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(is_sign(whole.substr(0, size), sign)) << size;
}

}  // namespace
}  // namespace hopyard::keeper
