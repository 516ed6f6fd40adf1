#include "maps/entities.hh"

#include <gtest/gtest.h>

#include "maps/unicode.hh"

namespace hopyard::maps {
namespace {

TEST(Entities, ByNumberAndByName) {
  EXPECT_EQ(with_entities_replaced("J&#228;rvi"), "Järvi");
  EXPECT_EQ(with_entities_replaced("&#xE4;&#XE4;&#x0010FFFF;"), "ää\xF4\x8F\xBF\xBF");
  EXPECT_EQ(with_entities_replaced("&auml;&Auml;&nbsp;&yuml;&szlig;&THORN;"), "äÄ\xC2\xA0ÿßÞ");
  EXPECT_EQ(with_entities_replaced("&lt;&amp;&gt;&quot;&apos;"), "<&>\"'");
  EXPECT_EQ(with_entities_replaced("&#26481;"), "東");
}

TEST(Entities, AreReplacedOnce) {
  EXPECT_EQ(with_entities_replaced("&amp;amp;"), "&amp;");
}

TEST(Entities, WhatIsNoneStays) {
  for (const char* text : {"AT&T", "a & b; c", "&", "&;", "&#;", "&#x;", "&#0;", "&#xD800;", "&#1114112;",
                           "&#-5;", "&#99999999999;", "&nosuch;", "&#228", "&auml", "&&#", "&verylongname;"})
    EXPECT_EQ(with_entities_replaced(text), text);
  EXPECT_EQ(with_entities_replaced("&&auml;&"), "&ä&");
}

TEST(OnOneLine, BlanksForWhatATextCannotHold) {
  EXPECT_EQ(on_one_line("  a\t\n b\x01\x7F"
                        "c  "),
            "a b c");
  EXPECT_EQ(on_one_line("a\xC2\x85"
                        "b\xE2\x80\xA8"
                        "c\xEF\xBB\xBF"
                        "d\xEF\xBF\xBE"
                        "e"),
            "a b c d e");
  EXPECT_EQ(on_one_line("\n"), "");
  EXPECT_EQ(on_one_line("東 京\xF0\x9F\x8C\x90"), "東 京\xF0\x9F\x8C\x90");
}

TEST(CodePoints, ThereAndBack) {
  for (const char32_t value :
       {U'\1', U'a', U'\x7F', U'\x80', U'\x7FF', U'\x800', U'\xFFFD', U'\x10000', U'\x10FFFF'}) {
    std::string text;
    append(text, value);
    const auto [read, length] = code_point(text, 0);
    EXPECT_EQ(read, value);
    EXPECT_EQ(length, text.size());
  }
}

}  // namespace
}  // namespace hopyard::maps
