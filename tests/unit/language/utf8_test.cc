#include "language/utf8.hh"

#include <gtest/gtest.h>

#include <string>

namespace hopyard::language {
namespace {

TEST(Utf8, AcceptsWellFormedText) {
  for (const char* text : {"", "plain",
                           "Stra\xC3\x9F"
                           "e",
                           "\xE2\x82\xAC", "\xF0\x9F\x8C\xB1", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
    EXPECT_FALSE(first_bad_byte(text)) << text;
}

TEST(Utf8, NamesTheFirstBadByte) {
  EXPECT_EQ(first_bad_byte("ab\xFF"), 2U);
  EXPECT_EQ(first_bad_byte("\xC0\x80"), 0U) << "overlong";
  EXPECT_EQ(first_bad_byte("a\xE0\x80\x80"), 1U) << "overlong";
  EXPECT_EQ(first_bad_byte("\xED\xA0\x80"), 0U) << "surrogate";
  EXPECT_EQ(first_bad_byte("\xF4\x90\x80\x80"), 0U) << "above U+10FFFF";
  EXPECT_EQ(first_bad_byte("abc\xE2\x82"), 3U) << "cut off";
}

TEST(CodePoints, CountsBytes) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += i % 2 == 0 ? "\xC3\x9F" : "a";
  const CodePoints points(text);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(points.byte(i), i + (i + 1) / 2);
  EXPECT_EQ(points.byte(200), text.size());
  EXPECT_EQ(points.byte(5000), text.size());
}

TEST(CodePoints, OfAsciiAreBytes) {
  const CodePoints points("hello");
  EXPECT_EQ(points.byte(3), 3U);
  EXPECT_EQ(points.byte(9), 5U);
}

}  // namespace
}  // namespace hopyard::language
