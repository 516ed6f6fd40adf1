#include "observe/settling.hh"

#include <gtest/gtest.h>

namespace hopyard::observe {
namespace {

using std::chrono::seconds;

/// A clock that stands where it is put.
Settling::Time at(int second) {
  return Settling::Time(seconds(1000 + second));
}

TEST(Settling, QuietFromTheBeginning) {
  const Settling settling(seconds(2), at(0));
  EXPECT_EQ(settling.due(), at(2));
  EXPECT_FALSE(settling.settled(at(1)));
  EXPECT_TRUE(settling.settled(at(2)));
  EXPECT_EQ(settling.changes(), 0U);
  EXPECT_EQ(settling.last(), std::nullopt);
}

TEST(Settling, EveryChangePutsItOff) {
  Settling settling(seconds(2), at(0));
  settling.changed(at(1));
  EXPECT_FALSE(settling.settled(at(2)));
  settling.changed(at(2));
  EXPECT_EQ(settling.due(), at(4));
  EXPECT_FALSE(settling.settled(at(3)));
  EXPECT_TRUE(settling.settled(at(4)));
  EXPECT_EQ(settling.changes(), 2U);
}

TEST(Settling, ChangesOutOfOrderCountByTheLatest) {
  Settling settling(seconds(2), at(0));
  settling.changed(at(3));
  settling.changed(at(1));
  EXPECT_EQ(settling.last(), at(3));
  EXPECT_EQ(settling.due(), at(5));
}

TEST(Settling, AChangeAfterItHadSettledUnsettlesIt) {
  Settling settling(seconds(2), at(0));
  EXPECT_TRUE(settling.settled(at(2)));
  settling.changed(at(7));
  EXPECT_FALSE(settling.settled(at(8)));
}

TEST(Settling, WithoutAWishForQuietChangeDoesNotMatter) {
  Settling settling(seconds(0), at(0));
  settling.changed(at(1));
  EXPECT_TRUE(settling.settled(at(1)));
  EXPECT_EQ(settling.changes(), 1U);
}

}  // namespace
}  // namespace hopyard::observe
