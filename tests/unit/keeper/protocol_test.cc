#include "keeper/protocol.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "keeper/json.hh"

namespace hopyard::keeper {
namespace {

using testing::Optional;
using namespace std::string_literals;

std::span<const char> bytes(const std::string& text) {
  return {text.data(), text.size()};
}

TEST(Frame, HasItsLengthBeforeIt) {
  EXPECT_EQ(frame("abc"), "\0\0\0\3abc"s);
}

TEST(Frame, OfMoreThan255Bytes) {
  EXPECT_EQ(frame(std::string(300, 'x')).substr(0, 4), "\0\0\1\x2c"s);
}

TEST(FrameReader, GivesNothingOfHalfAMessage) {
  FrameReader reader(100);
  reader.add(bytes("\0\0\0\3ab"s));
  const auto body = reader.next();
  ASSERT_TRUE(body);
  EXPECT_EQ(*body, std::nullopt);
  EXPECT_TRUE(reader.half());
}

TEST(FrameReader, JoinsWhatComesByteByByte) {
  FrameReader reader(100);
  for (const char byte : frame("hello")) {
    EXPECT_EQ(*reader.next(), std::nullopt);
    reader.add({&byte, 1});
  }
  EXPECT_THAT(*reader.next(), Optional("hello"s));
  EXPECT_FALSE(reader.half());
}

TEST(FrameReader, PartsTwoThatComeTogether) {
  FrameReader reader(100);
  reader.add(bytes(frame("one") + frame("") + frame("two")));
  EXPECT_THAT(*reader.next(), Optional("one"s));
  EXPECT_THAT(*reader.next(), Optional(""s));
  EXPECT_THAT(*reader.next(), Optional("two"s));
  EXPECT_EQ(*reader.next(), std::nullopt);
}

TEST(FrameReader, RefusesALengthBeforeItsBytesAreThere) {
  FrameReader reader(longest_request);
  reader.add(bytes("GET / HTTP/1.1\r\n"s));
  const auto body = reader.next();
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().text(), "read a message: it has 1195725856 bytes, the most is 65536");
}

TEST(FrameReader, TakesTheLongestAllowed) {
  FrameReader reader(longest_request);
  reader.add(bytes(frame(std::string(longest_request, 'x'))));
  const auto body = reader.next();
  ASSERT_TRUE(body);
  EXPECT_EQ((*body)->size(), longest_request);
}

TEST(Json, RefusesWhatIsNoObject) {
  for (const char* text : {"", "{", "[]", "7", "\"do\"", "\xff\xfe", "{\"a\":1}x"}) {
    const auto value = parse_object(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().text(), "read a message: it is not a JSON object");
  }
}

TEST(Json, ReadsAMemberOfAnotherTypeAsItsDefault) {
  const Json object = {{"text", 1}, {"number", "x"}, {"list", 3}, {"minus", -4}, {"mixed", {1, "a"}}};
  EXPECT_EQ(text(object, "text"), "");
  EXPECT_EQ(number(object, "number"), 0U);
  EXPECT_EQ(number(object, "minus"), 0U);
  EXPECT_TRUE(list(object, "list").empty());
  EXPECT_TRUE(part(object, "list").empty());
  EXPECT_FALSE(truth(object, "missing"));
  EXPECT_THAT(texts(object, "mixed"), testing::ElementsAre("a"));
}

TEST(Json, CarriesAnErrorWhole) {
  const Error error{"create veth pair", "a -- b", 17, "peer name is taken", "take another"};
  const auto object = parse_object(error_answer(error));
  ASSERT_TRUE(object);
  EXPECT_FALSE(truth(*object, "ok"));
  EXPECT_EQ(error_from(part(*object, "error")).text(), error.text());
}

TEST(Json, CarriesTextThatIsNotUtf8) {
  EXPECT_EQ(text_of({{"a", "\xff"}}), "{\"a\":\"\xEF\xBF\xBD\"}");
}

TEST(Json, CarriesAnImpairmentWhole) {
  net::Impairment impairment;
  impairment.delay = std::chrono::milliseconds(20);
  impairment.jitter = std::chrono::microseconds(5);
  impairment.loss = 0.001;
  impairment.corrupt = 0.25;
  impairment.duplicate = 0.5;
  impairment.reorder = 1;
  impairment.rate = 50'000'000;
  impairment.limit = 1000;
  impairment.seed = 0;
  EXPECT_EQ(impairment_from(to_json(impairment)), impairment);
  EXPECT_EQ(impairment_from(to_json(net::Impairment{})), net::Impairment{});
}

}  // namespace
}  // namespace hopyard::keeper
