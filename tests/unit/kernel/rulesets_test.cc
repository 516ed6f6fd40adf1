#include "kernel/rulesets.hh"

#include <gtest/gtest.h>

namespace hopyard::kernel {
namespace {

TEST(Rulesets, AListingIsMadeOfTables) {
  const auto tables = tables_of(
      "table inet filter {\n\tchain forward {\n\t}\n}\n# Warning: table ip nat is managed by "
      "iptables-nft\ntable ip nat {\n}\n");
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].name, "inet filter");
  EXPECT_EQ(tables[0].text, "table inet filter {\n\tchain forward {\n\t}\n}\n");
  EXPECT_EQ(tables[1].name, "ip nat");
  EXPECT_EQ(tables[1].text, "table ip nat {\n}\n");
}

TEST(Rulesets, ATableThatDoesNotBeginOnItsLineEndsItsNameThere) {
  const auto tables = tables_of("table ip nat\n{\n}\n");
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].name, "ip nat");
  EXPECT_EQ(tables_of("table ip nat").front().name, "ip nat");
}

}  // namespace
}  // namespace hopyard::kernel
