#include "language/range.hh"

#include <gtest/gtest.h>

namespace hopyard::language {
namespace {

std::string members(std::string_view text) {
  const auto pattern = Pattern::parse(text);
  if (!pattern) return "error: " + pattern.error().message;
  std::string all;
  for (std::size_t i = 0; i < pattern->count(); ++i) {
    Indices indices;
    all.append(i == 0 ? "" : " ").append(pattern->member(i, indices));
  }
  return all;
}

TEST(Range, ExpandsNames) {
  EXPECT_EQ(members("pc"), "pc");
  EXPECT_EQ(members("pc[1..3]"), "pc1 pc2 pc3");
  EXPECT_EQ(members("pc[5]"), "pc5");
  EXPECT_EQ(members("[1..2]a"), "1a 2a");
  EXPECT_EQ(members("r[3..1]"), "r3 r2 r1");
  EXPECT_EQ(members("r[0..10..5]"), "r0 r5 r10");
  EXPECT_EQ(members("r[0..9..5]"), "r0 r5");
  EXPECT_EQ(members("r[9..0..4]"), "r9 r5 r1");
  EXPECT_EQ(members("r[1..3,7]"), "r1 r2 r3 r7");
  EXPECT_EQ(members("r[4,2]"), "r4 r2");
}

TEST(Range, FillsWithZeros) {
  EXPECT_EQ(members("n[08..11]"), "n08 n09 n10 n11");
  EXPECT_EQ(members("n[1..010]").substr(0, 9), "n001 n002");
  EXPECT_EQ(members("n[0..2]"), "n0 n1 n2");
}

TEST(Range, SeveralAreLoopsInEachOther) {
  EXPECT_EQ(members("r[1..2][1..3]"), "r11 r12 r13 r21 r22 r23");
  EXPECT_EQ(members("p[1..2]s[1..2]"), "p1s1 p1s2 p2s1 p2s2");
}

TEST(Range, GivesItsNumbers) {
  const auto pattern = Pattern::parse("a[1..2]b[10..20..10]c[7]");
  Indices indices;
  EXPECT_EQ(pattern->member(3, indices), "a2b20c7");
  ASSERT_EQ(indices.count, 3U);
  EXPECT_EQ(indices.values[0], 2);
  EXPECT_EQ(indices.values[1], 20);
  EXPECT_EQ(indices.values[2], 7);
}

TEST(Range, SaysWhatIsWrong) {
  EXPECT_EQ(members("r[]"), "error: the range is empty");
  EXPECT_EQ(members("r[1..5..0]"), "error: the range is empty: its step is 0");
  EXPECT_EQ(members("r[1..]"), "error: '' is not a number of a range");
  EXPECT_EQ(members("r[a..b]"), "error: 'a' is not a number of a range");
  EXPECT_EQ(members("r[-1..2]"), "error: '-1' is not a number of a range");
  EXPECT_EQ(members("r[1..2..3..4]"), "error: '1..2..3..4' is not a range");
  EXPECT_EQ(members("r[1..2"), "error: a '[' without its partner");
  EXPECT_EQ(members("r1]"), "error: a ']' without its partner");
  EXPECT_EQ(members("r[[1]]"), "error: a '[' without its partner");
}

TEST(Range, HasAMost) {
  EXPECT_EQ(Pattern::parse("r[1..100000]")->count(), 100'000U);
  EXPECT_EQ(members("r[1..100001]"), "error: the range has 100001 members");
  EXPECT_EQ(members("r[0..999999999999]"), "error: the range has 1000000000000 members");
  EXPECT_EQ(members("r[1..1000][1..101]"), "error: the ranges have 101000 members together");
  EXPECT_EQ(members("r[1..99999999999999999999]"),
            "error: '99999999999999999999' is not a number of a range");
}

TEST(Range, ErrorsKnowTheirPlace) {
  const auto pattern = Pattern::parse("abc[1..0x]");
  ASSERT_FALSE(pattern);
  EXPECT_EQ(pattern.error().begin, 3U);
  EXPECT_EQ(pattern.error().end, 10U);
}

}  // namespace
}  // namespace hopyard::language
