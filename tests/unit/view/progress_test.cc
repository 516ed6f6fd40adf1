#include "view/progress.hh"

#include <gtest/gtest.h>

#include "view/width.hh"

namespace hopyard::view {
namespace {

using std::chrono::milliseconds;

TEST(Progress, ShowsNodesAndLinks) {
  EXPECT_EQ(progress_line("office", {12, 0}, {24, 24}, 60),
            "office [######--------------------] 12/24 nodes, 0/24 links");
  EXPECT_EQ(progress_line("office", {24, 24}, {24, 24}, 60),
            "office [##########################] 24/24 nodes, 24/24 links");
}

TEST(Progress, FitsAnyTerminal) {
  for (unsigned columns = 1; columns < 130; ++columns)
    EXPECT_LE(display_width(progress_line("a-lab-of-a-very-long-name", {1, 2}, {100, 200}, columns)),
              columns);
}

TEST(Progress, AnEmptyLabIsNoDivisionByZero) {
  EXPECT_NE(progress_line("x", {0, 0}, {0, 0}, 80), "");
}

TEST(Progress, DrawsNotTooOftenAndLeavesNothing) {
  std::string written;
  const std::chrono::steady_clock::time_point start{};
  {
    ProgressBar bar("x", {10, 10}, 80, [&](std::string_view text) { written += text; });
    bar.show({1, 0}, start);
    const std::size_t once = written.size();
    bar.show({2, 0}, start + milliseconds(10));
    EXPECT_EQ(written.size(), once);
    bar.show({3, 0}, start + milliseconds(60));
    EXPECT_GT(written.size(), once);
  }
  EXPECT_TRUE(written.ends_with("\r\033[K"));
}

TEST(Progress, SaysNothingIfNothingWasShown) {
  std::string written;
  {
    ProgressBar bar("x", {1, 1}, 80, [&](std::string_view text) { written += text; });
  }
  EXPECT_EQ(written, "");
}

}  // namespace
}  // namespace hopyard::view
