#include "app/daemon_refusals.hh"

#include <gtest/gtest.h>

namespace hopyard::app {
namespace {

TEST(DaemonRefusals, OfBird) {
  const auto found = refusals_of_bird("bird: /dev/stdin:3:39 syntax error, unexpected CF_SYM_UNDEFINED\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 3U);
  EXPECT_EQ(found[0].words, "syntax error, unexpected CF_SYM_UNDEFINED");
}

TEST(DaemonRefusals, OfFrrAreOneALine) {
  const auto found = refusals_of_frr(
      "line 2: % Unknown command[25]:  neighbour 1.2.3.4 remote-as 3\nline 3: % Unknown command[25]: foo\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].line, 2U);
  EXPECT_EQ(found[0].words, "unknown command");
  EXPECT_EQ(found[1].line, 3U);
}

TEST(DaemonRefusals, OfRadvd) {
  const std::string output = "/dev/stdin:1 error: syntax error\nexiting, failed to read config file\n";
  const auto found = refusals_of_radvd(output);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 1U);
  EXPECT_EQ(found[0].words, "syntax error");
  EXPECT_EQ(last_words(output), "/dev/stdin:1 error: syntax error");
}

TEST(DaemonRefusals, OtherWordsAreNone) {
  for (const char* text : {"", "\n", "line", "line 0: % x", "line 99999999999999999999: % x",
                           "/dev/stdin:", "/dev/stdin:x error: y", "/dev/stdin:4", "bird: /dev/stdin:4:1"}) {
    EXPECT_TRUE(refusals_of_bird(text).empty()) << text;
    EXPECT_TRUE(refusals_of_frr(text).empty()) << text;
    EXPECT_TRUE(refusals_of_radvd(text).empty()) << text;
  }
  EXPECT_EQ(last_words(""), "");
}

}  // namespace
}  // namespace hopyard::app
