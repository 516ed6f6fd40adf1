#include "sys/locks.hh"

#include <gtest/gtest.h>

namespace hopyard::sys {
namespace {

constexpr std::string_view table =
    "1: POSIX  ADVISORY  WRITE 699 00:15:1234 0 EOF\n"
    "2: FLOCK  ADVISORY  WRITE 712 00:15:1234 0 EOF\n"
    "2: -> FLOCK  ADVISORY  WRITE 800 00:15:1235 0 EOF\n"
    "3: FLOCK  ADVISORY  WRITE 0 00:15:1236 0 EOF\n"
    "4: FLOCK  ADVISORY  READ\n";

TEST(Locks, AreFoundByTheirFile) {
  EXPECT_EQ(lock_holder_in(table, 0, 0x15, 1234), 712);
}

TEST(Locks, WhoWaitsHasNone) {
  EXPECT_EQ(lock_holder_in(table, 0, 0x15, 1235), std::nullopt);
}

TEST(Locks, OfAnotherPidNamespaceHaveNoNumber) {
  EXPECT_EQ(lock_holder_in(table, 0, 0x15, 1236), std::nullopt);
  EXPECT_EQ(lock_holder_in(table, 1, 0x15, 1234), std::nullopt);
  EXPECT_EQ(lock_holder_in("", 0, 0, 0), std::nullopt);
}

}  // namespace
}  // namespace hopyard::sys
