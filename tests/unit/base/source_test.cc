#include "base/source.hh"

#include <gtest/gtest.h>

namespace hopyard {
namespace {

bool is_at(Position position, std::uint32_t line, std::uint32_t column) {
  return position.line == line && position.column == column;
}

TEST(SourceMap, CountsLinesAndColumnsFromOne) {
  SourceMap sources;
  const auto file = sources.add("a.yaml", "lab: a\nnodes:\n  x: {}\n");
  EXPECT_TRUE(is_at(sources.position(file, 0), 1, 1));
  EXPECT_TRUE(is_at(sources.position(file, 5), 1, 6));
  EXPECT_TRUE(is_at(sources.position(file, 6), 1, 7));  // the line break belongs to its line
  EXPECT_TRUE(is_at(sources.position(file, 7), 2, 1));
  EXPECT_TRUE(is_at(sources.position(file, 16), 3, 3));
  EXPECT_TRUE(is_at(sources.position(file, 22), 4, 1));  // the end of the file
}

TEST(SourceMap, CountsACodePointAsOneColumn) {
  SourceMap sources;
  const auto file = sources.add(
      "a.yaml", "# \xC3\xA9\xE2\x82\xAC\xF0\x9F\x8C\xBF x");  // é € and a herb, of 2, 3 and 4 bytes
  EXPECT_TRUE(is_at(sources.position(file, 2), 1, 3));
  EXPECT_TRUE(is_at(sources.position(file, 4), 1, 4));
  EXPECT_TRUE(is_at(sources.position(file, 7), 1, 5));
  EXPECT_TRUE(is_at(sources.position(file, 12), 1, 7));
}

TEST(SourceMap, GivesTheLineWithoutItsBreak) {
  SourceMap sources;
  const auto file = sources.add("a.yaml", "one\r\ntwo\n\nfour");
  EXPECT_EQ(sources.line(file, 1), "one");
  EXPECT_EQ(sources.line(file, 5), "two");
  EXPECT_EQ(sources.line(file, 9), "");
  EXPECT_EQ(sources.line(file, 12), "four");
}

TEST(SourceMap, KeepsTextsWhileMoreAreAdded) {
  SourceMap sources;
  const auto first = sources.add("a.yaml", "short");
  const std::string_view text = sources.text(first);
  for (int i = 0; i < 1000; ++i) sources.add("b.yaml", "other");
  EXPECT_EQ(text, "short");
  EXPECT_EQ(text.data(), sources.text(first).data());
}

TEST(SourceMap, SaysWhere) {
  SourceMap sources;
  sources.add("a.yaml", "");
  const auto file = sources.add("dir/b.yaml", "x\nyz");
  EXPECT_EQ(sources.where({file, 3, 4}), "dir/b.yaml:2:2");
  EXPECT_EQ(sources.where({}), "");
}

}  // namespace
}  // namespace hopyard
