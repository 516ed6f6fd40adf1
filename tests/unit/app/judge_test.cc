#include <gtest/gtest.h>

#include "app/attempt.hh"

namespace hopyard::app {
namespace {

lab::Check command(std::optional<std::string> matches, std::optional<std::string> json = {},
                   std::optional<std::string> equals = {}) {
  lab::Check check;
  check.matches = std::move(matches);
  check.json = std::move(json);
  check.equals = std::move(equals);
  return check;
}

TEST(Judge, TheStatusComesFirst) {
  EXPECT_TRUE(judge(command({}), 0, "").so);
  EXPECT_EQ(judge(command("a"), 3, "a").words, "it ended with status 3");
}

TEST(Judge, ExpressionsSeeLines) {
  EXPECT_TRUE(judge(command("^b$"), 0, "a\nb\nc\n").so);
  EXPECT_FALSE(judge(command("^b$"), 0, "ab\n").so);
  EXPECT_EQ(judge(command("x"), 0, "first\nsecond\n").words, "'x' is not in what it wrote: 'first' …");
  EXPECT_EQ(judge(command("x"), 0, "").words, "'x' is not in what it wrote: nothing");
  EXPECT_FALSE(judge(command("(a*)*b"), 0, std::string(1000, 'a')).so) << "in time and without a deep stack";
}

TEST(Judge, JsonByPointer) {
  const std::string output = R"([{"name": "lo", "n": 1, "up": true, "a/b": null, "list": [1, 2]}])";
  EXPECT_TRUE(judge(command({}, "/0/name", "lo"), 0, output).so);
  EXPECT_TRUE(judge(command({}, "/0/n", "1"), 0, output).so);
  EXPECT_TRUE(judge(command({}, "/0/up", "true"), 0, output).so);
  EXPECT_TRUE(judge(command({}, "/0/a~1b", "null"), 0, output).so);
  EXPECT_TRUE(judge(command({}, "/0/list", "[1,2]"), 0, output).so);
  EXPECT_EQ(judge(command({}, "/0/name", "eth0"), 0, output).words, "/0/name is 'lo'");
  for (const char* pointer : {"/1/name", "/x", "/0/nosuch", "/0/~2", "/-"})
    EXPECT_FALSE(judge(command({}, pointer, "lo"), 0, output).so) << pointer;
  EXPECT_EQ(judge(command({}, "/x", "1"), 0, "no\n").words, "it wrote no JSON with /x: 'no'");
}

}  // namespace
}  // namespace hopyard::app
