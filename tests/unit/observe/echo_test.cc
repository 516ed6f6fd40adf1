#include "observe/echo.hh"

#include <gtest/gtest.h>

#include <vector>

namespace hopyard::observe {
namespace {

std::vector<unsigned char> answer_to(const EchoMessage& request, Family family) {
  std::vector<unsigned char> packet;
  if (family == Family::V4) {
    packet.assign(24, 0);  // with four bytes of options
    packet[0] = 0x46;
  }
  packet.insert(packet.end(), request.bytes, request.bytes + 8);
  packet[packet.size() - 8] = family == Family::V4 ? 0 : 129;
  return packet;
}

TEST(Echo, RequestsAreThoseOfTheStandards) {
  const EchoMessage v4 = echo_request(Family::V4, 0x1234, 0x0102);
  const std::uint8_t expected[] = {8, 0, 0xe4, 0xc9, 0x12, 0x34, 0x01, 0x02};
  EXPECT_TRUE(std::equal(std::begin(expected), std::end(expected), v4.bytes));
  const EchoMessage v6 = echo_request(Family::V6, 0x1234, 0x0102);
  EXPECT_EQ(v6.bytes[0], 128);
  EXPECT_EQ(v6.bytes[2] | v6.bytes[3], 0);
}

TEST(Echo, AnswersAreKnownByTheirNumbers) {
  for (const Family family : {Family::V4, Family::V6}) {
    const EchoMessage request = echo_request(family, 7, 9);
    const auto answer = answer_to(request, family);
    EXPECT_TRUE(is_answer(family, answer, 7, 9));
    EXPECT_FALSE(is_answer(family, answer, 8, 9));
    EXPECT_FALSE(is_answer(family, answer, 7, 8));
    EXPECT_FALSE(is_answer(family, std::span(answer).first(answer.size() - 1), 7, 9));
    EXPECT_FALSE(is_answer(family, {}, 7, 9));
    auto own = answer;
    own[own.size() - 8] = request.bytes[0];
    EXPECT_FALSE(is_answer(family, own, 7, 9));
  }
}

}  // namespace
}  // namespace hopyard::observe
