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
    EXPECT_EQ(answered_number(family, answer, 7), 9);
    EXPECT_EQ(answered_number(family, answer, 8), std::nullopt);
    EXPECT_EQ(answered_number(family, std::span(answer).first(answer.size() - 1), 7), std::nullopt);
    EXPECT_EQ(answered_number(family, {}, 7), std::nullopt);
    auto own = answer;
    own[own.size() - 8] = request.bytes[0];
    EXPECT_EQ(answered_number(family, own, 7), std::nullopt);
  }
}

TEST(Echo, AnswersToEarlierRequestsCount) {
  EchoNumbers numbers;
  EXPECT_FALSE(numbers.counts(0));
  const std::uint16_t first = numbers.next();
  const std::uint16_t second = numbers.next();
  EXPECT_TRUE(numbers.counts(first));
  EXPECT_TRUE(numbers.counts(second));
  EXPECT_FALSE(numbers.counts(second + 1));
  EXPECT_FALSE(numbers.counts(first - 1));
  numbers.forget();
  EXPECT_FALSE(numbers.counts(second));
  const std::uint16_t third = numbers.next();
  EXPECT_TRUE(numbers.counts(third));
  EXPECT_FALSE(numbers.counts(second));
}

TEST(Echo, NumbersComeRound) {
  EchoNumbers numbers;
  while (numbers.next() != 65533) {
  }
  numbers.forget();
  EXPECT_FALSE(numbers.counts(65533));
  for (const std::uint16_t expected : {65534, 65535, 0, 1}) EXPECT_EQ(numbers.next(), expected);
  for (const std::uint16_t number : {65534, 65535, 0, 1}) EXPECT_TRUE(numbers.counts(number));
  for (const std::uint16_t number : {65533, 2, 32768}) EXPECT_FALSE(numbers.counts(number));
  for (int i = 0; i < 200'000; ++i) (void)numbers.next();
  const std::uint16_t last = numbers.next();
  EXPECT_TRUE(numbers.counts(last));
  EXPECT_TRUE(numbers.counts(static_cast<std::uint16_t>(last - 32767)));
  EXPECT_FALSE(numbers.counts(static_cast<std::uint16_t>(last - 32768)));
  EXPECT_FALSE(numbers.counts(static_cast<std::uint16_t>(last + 1)));
}

}  // namespace
}  // namespace hopyard::observe
