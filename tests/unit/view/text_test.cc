#include <gtest/gtest.h>

#include "view/width.hh"
#include "view/writer.hh"

namespace hopyard::view {
namespace {

Record people() {
  Record record;
  Table& table =
      record.table("people", "", {{"name", "NAME", false, true}, {"age", "AGE", true}, {"note", ""}});
  table.row({"Zoë", std::uint64_t{7}, "for programs"});
  table.row({"日本", std::uint64_t{123}, ""});
  return record;
}

TEST(Text, ColumnsStandAlignedByDisplayWidth) {
  EXPECT_EQ(text(people(), {}), "NAME  AGE\nZoë     7\n日本  123\n");
}

TEST(Text, NothingTrailsALine) {
  Record record;
  Table& table = record.table("t", "", {{"a", "A"}, {"b", "B"}});
  table.row({"longer", ""});
  EXPECT_EQ(text(record, {}), "A       B\nlonger\n");
}

TEST(Text, FieldsInARowStandAligned) {
  Record record;
  record.field("name", "name", "office");
  record.fact("pid", Value(7));
  record.field("uptime", "up since", "noon");
  record.sentence("well");
  EXPECT_EQ(text(record, {}), "name      office\nup since  noon\nwell\n");
}

TEST(Text, TitlesArePartedByAnEmptyLine) {
  Record record;
  record.sentence("first");
  record.table("t", "links", {{"a", "A"}}).row({"x"});
  record.part("p", "more").field("k", "k", "v");
  EXPECT_EQ(text(record, {}), "first\n\nlinks\nA\nx\n\nmore\nk  v\n");
}

TEST(Text, AnEmptyTableSaysWhatItWasGiven) {
  Record record;
  record.table("labs", "", {{"lab", "LAB"}}).when_empty("no lab is running");
  EXPECT_EQ(text(record, {}), "no lab is running\n");
}

TEST(Text, ANarrowTerminalCutsTheColumnsThatShrink) {
  Record record;
  Table& table = record.table("t", "", {{"path", "PATH", false, true}, {"pid", "PID", true}});
  table.row({"/a/very/long/path/to/somewhere", std::uint64_t{1}});
  EXPECT_EQ(text(record, {false, false, 20}), "PATH             PID\n/a/very/long/p…    1\n");
  EXPECT_EQ(text(record, {}), "PATH                            PID\n/a/very/long/path/to/somewhere    1\n");
}

TEST(Text, ColourOnlyWhereItIsWanted) {
  Record record;
  record.sentence("ok", Tone::Good);
  EXPECT_EQ(text(record, {}), "ok\n");
  EXPECT_EQ(text(record, {false, true, 0}), "\033[32mok\033[0m\n");
}

TEST(Text, ControlCharactersDoNotReachATerminal) {
  Record record;
  record.field("k", "k", "a\033[2Jb\nc");
  EXPECT_EQ(text(record, {}), "k  a?[2Jb?c\n");
}

TEST(Width, CountsColumnsAndNotBytes) {
  EXPECT_EQ(display_width("plain"), 5U);
  EXPECT_EQ(display_width("Zoë"), 3U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("\xff\xc3"), 2U);
}

TEST(Width, CutsBetweenCharacters) {
  EXPECT_EQ(cut_to("日本語", 6), "日本語");
  EXPECT_EQ(cut_to("日本語", 5), "日本…");
  EXPECT_EQ(cut_to("日本語", 4), "日…");
  EXPECT_EQ(cut_to("abc", 0), "");
}

TEST(Width, BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(valid_utf8("a\xff\xfez"), "a\uFFFD\uFFFDz");
  EXPECT_EQ(valid_utf8("\xc3"), "\uFFFD");
  EXPECT_EQ(valid_utf8("日本 \033[1mZoë"), "日本 \033[1mZoë");
}

TEST(Cells, SecondsAreReadable) {
  EXPECT_EQ(seconds_text(0.108), "0.11 s");
  EXPECT_EQ(seconds_text(59), "59 s");
  EXPECT_EQ(seconds_text(125), "2 min 5 s");
  EXPECT_EQ(seconds_text(7500), "2 h 5 min");
  EXPECT_EQ(seconds_text(273600), "3 d 4 h");
}

TEST(Cells, OneOrMany) {
  EXPECT_EQ(counted(1, "node"), "1 node");
  EXPECT_EQ(counted(0, "node"), "0 nodes");
  EXPECT_EQ(counted(101, "node"), "101 nodes");
}

}  // namespace
}  // namespace hopyard::view
