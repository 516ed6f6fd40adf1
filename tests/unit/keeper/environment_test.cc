#include "keeper/environment.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hopyard::keeper {
namespace {

using testing::Contains;
using testing::Not;

TEST(Environment, TakesOfTheCallerWhatIsAboutThePerson) {
  const char* const from[] = {"TERM=xterm", "LC_ALL=C", "PATH=/evil", "SECRET=1", "ODD", nullptr};
  const auto all = process_environment(from, {});
  EXPECT_THAT(all, Contains("TERM=xterm"));
  EXPECT_THAT(all, Contains("LC_ALL=C"));
  EXPECT_THAT(all, Contains("HOME=/root"));
  EXPECT_THAT(all, Not(Contains("PATH=/evil")));
  EXPECT_THAT(all, Not(Contains("SECRET=1")));
  EXPECT_THAT(all, Not(Contains("ODD")));
}

TEST(Environment, LetsTheNodeHaveTheLastWord) {
  const char* const from[] = {"TERM=xterm", nullptr};
  const auto all = process_environment(from, {{"TERM", "dumb"}, {"PATH", "/opt"}, {"A", "1"}, {"A", "2"}});
  EXPECT_THAT(all, Contains("TERM=dumb"));
  EXPECT_THAT(all, Not(Contains("TERM=xterm")));
  EXPECT_THAT(all, Contains("PATH=/opt"));
  EXPECT_THAT(all, Contains("A=2"));
  EXPECT_THAT(all, Not(Contains("A=1")));
  EXPECT_THAT(all, Contains("HOME=/root"));
}

TEST(Environment, NamesLabAndNode) {
  net::Namespace node;
  node.name = "r1";
  node.machine.environment = {{"MODE", "test"}};
  EXPECT_THAT(node_environment("office", node),
              testing::ElementsAre(testing::Pair("HOPYARD_LAB", "office"),
                                   testing::Pair("HOPYARD_NODE", "r1"), testing::Pair("MODE", "test")));
}

TEST(Environment, EndsAnArrayAsExecveWants) {
  const std::vector<std::string> texts{"a", "b"};
  const auto array = pointers(texts);
  ASSERT_EQ(array.size(), 3U);
  EXPECT_STREQ(array[1], "b");
  EXPECT_EQ(array[2], nullptr);
}

}  // namespace
}  // namespace hopyard::keeper
