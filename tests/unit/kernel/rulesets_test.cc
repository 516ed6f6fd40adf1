#include "kernel/rulesets.hh"

#include <gmock/gmock.h>

namespace hopyard::kernel {
namespace {

TEST(Rulesets, ATableThatDoesNotBeginOnItsLineEndsItsNameThere) {
  const auto tables = tables_of("table ip nat\n{\n}\n");
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].name, "ip nat");
  EXPECT_EQ(tables_of("table ip nat").front().name, "ip nat");
}

constexpr std::string_view plain =
    "\tset plain {\n"
    "\t\ttype ipv4_addr\n"
    "\t\telements = { 10.0.0.1, 10.0.0.2,\n"
    "\t\t\t     10.0.0.3 }\n"
    "\t}\n"
    "\n";

constexpr std::string_view chain =
    "\tchain out {\n"
    "\t\tadd @seen { ip daddr }\n"
    "\t}\n"
    "}\n";

std::string listing(const std::string& elements, std::string_view flags = "dynamic") {
  return "table ip t {\n" + std::string(plain) + "\tset seen {\n\t\ttype ipv4_addr\n\t\tflags " +
         std::string(flags) + '\n' + elements + "\t}\n\n" + std::string(chain);
}

const std::string two_lines = "\t\telements = { 10.9.0.1, 10.9.0.2,\n\t\t\t     10.9.0.3 }\n";

TEST(Rulesets, AreListedTableByTable) {
  const auto tables =
      tables_of("# Warning: somebody's\ntable ip a {\n}\n# more\ntable inet b {\n\tchain c {\n\t}\n}\n");
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].name, "ip a");
  EXPECT_EQ(tables[0].text, "table ip a {\n}\n");
  EXPECT_EQ(tables[1].name, "inet b");
  EXPECT_EQ(tables[1].text, "table inet b {\n\tchain c {\n\t}\n}\n");
  EXPECT_TRUE(tables_of("").empty());
}

TEST(Rulesets, WhatPacketsPutThereIsNoPartOfTheText) {
  const auto with = tables_of(listing(two_lines));
  const auto without = tables_of(listing(""));
  ASSERT_EQ(with.size(), 1U);
  EXPECT_EQ(with[0].text, without[0].text);
  EXPECT_EQ(with[0].text, listing(""));
  ASSERT_EQ(with[0].passing.size(), 1U);
  EXPECT_EQ(with[0].passing[0].elements, two_lines);
  EXPECT_EQ(tables_of(listing(two_lines, "timeout"))[0].text, listing("", "timeout"));
  EXPECT_EQ(tables_of(listing(two_lines, "interval"))[0].text, listing(two_lines, "interval"));
}

TEST(Rulesets, AReplacementKeepsWhatPacketsPutThere) {
  const auto wanted = tables_of(listing(""));
  const auto own = tables_of(listing("\t\telements = { 10.7.0.1 }\n"));
  const std::string gone = "table ip t\ndelete table ip t\n";
  EXPECT_EQ(replacement(wanted[0], tables_of(listing(two_lines))[0]), gone + listing(two_lines));
  EXPECT_EQ(replacement(wanted[0], {}), gone + listing(""));
  EXPECT_EQ(replacement(own[0], {}), gone + listing("\t\telements = { 10.7.0.1 }\n"));
  EXPECT_EQ(replacement(own[0], wanted[0]), gone + listing(""));
  // Of another type now: what is in it would not fit.
  EXPECT_EQ(replacement(wanted[0], tables_of(listing(two_lines, "timeout"))[0]), gone + listing(""));
}

TEST(Rulesets, AListingThatBreaksOffIsTakenAsItIs) {
  const std::string whole = listing(two_lines);
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_LE(tables_of(std::string_view(whole).substr(0, length)).size(), 1U);
}

}  // namespace
}  // namespace hopyard::kernel
