#include "keeper/pace.hh"

#include <gtest/gtest.h>

namespace hopyard::keeper {
namespace {

TEST(Pace, SomeNodesStartWhateverTheMachineDoes) {
  EXPECT_EQ(pace::room(0, 0, 2), 16);
  EXPECT_EQ(pace::room(0, 1000, 2), 16);
  EXPECT_EQ(pace::room(10, 1000, 2), 6);
}

TEST(Pace, NodesThatWaitForNoProcessorKeepNobodyWaiting) {
  EXPECT_EQ(pace::room(1000, 1, 2), 7);
}

TEST(Pace, NodesThatWaitForOneDo) {
  EXPECT_EQ(pace::room(16, 8, 2), 0);
  EXPECT_EQ(pace::room(16, 500, 2), 0);
}

TEST(Pace, ReadsTheKernelsWords) {
  EXPECT_EQ(pace::runnable_in("0.20 0.18 0.12 1/80 11206\n"), 1);
  EXPECT_EQ(pace::runnable_in("1845.13 1482.89 734.77 1999/4321 11206\n"), 1999);
  EXPECT_EQ(pace::runnable_in(""), 0);
  EXPECT_EQ(pace::runnable_in("nothing/known"), 0);
}

}  // namespace
}  // namespace hopyard::keeper
