#include "app/expose.hh"

#include <gtest/gtest.h>

#include "app/netns.hh"

namespace hopyard::app {
namespace {

std::string named(const std::string& pattern) {
  const auto name = exposed_name(pattern, "office", "gw");
  return name ? *name : "error: " + name.error().text();
}

TEST(ExposedName, IsMadeOfLabAndNode) {
  EXPECT_EQ(named("{lab}-{node}"), "office-gw");
  EXPECT_EQ(named("{node}"), "gw");
  EXPECT_EQ(named("{node}{node} of {lab}"), "gwgw of office");
}

TEST(ExposedName, HasNoOtherWordsInBraces) {
  EXPECT_EQ(
      named("{host}"),
      "error: name nodes by '{host}': only {lab} and {node} stand in braces\n  as in --as '{lab}-{node}'");
  EXPECT_EQ(
      named("{node"),
      "error: name nodes by '{node': only {lab} and {node} stand in braces\n  as in --as '{lab}-{node}'");
}

TEST(ExposedName, HasToBeOneThatIpTakes) {
  EXPECT_EQ(named("{lab}/{node}"), "error: name a network namespace 'office/gw': a name has no '/'");
  EXPECT_EQ(named(""), "error: name a network namespace '': the name is empty");
}

TEST(NetnsName, IsWhatIpTakes) {
  for (const char* name : {"a", "odd n\xc3\xa4me", "...", "-", "*"})
    EXPECT_TRUE(check_netns_name(name)) << name;
  EXPECT_TRUE(check_netns_name(std::string(255, 'x')));
  for (const char* name : {"", ".", "..", "/", "a/b"}) EXPECT_FALSE(check_netns_name(name)) << name;
  EXPECT_EQ(check_netns_name(std::string(256, 'x')).error().detail, "it has 256 bytes, and 255 are the most");
}

}  // namespace
}  // namespace hopyard::app
