#include "base/error.hh"

#include <gtest/gtest.h>

#include <cerrno>

namespace hopyard {
namespace {

TEST(Error, SaysWhatWasTriedOnWhatAndWhatTheKernelSaid) {
  EXPECT_EQ(failure("create veth pair", "r1:eth0 -- r2:eth0", EEXIST, "peer name is taken").error().text(),
            "create veth pair r1:eth0 -- r2:eth0: File exists (peer name is taken)");
  EXPECT_EQ(failure("open", "/proc/self", ENOENT).error().text(),
            "open /proc/self: No such file or directory");
}

TEST(Error, SaysWhatCanBeDoneOnALineOfItsOwn) {
  EXPECT_EQ(refusal("find lab", "no lab is running", "start one with hopyard up").error().text(),
            "find lab: no lab is running\n  start one with hopyard up");
}

Result<int> half(int value) {
  if (value % 2 != 0) return refusal("halve", "odd");
  return value / 2;
}

Result<int> quarter(int value) {
  HOPYARD_TAKE(once, half(value));
  HOPYARD_TRY(half(once));
  return once / 2;
}

TEST(Result, PassesErrorsOn) {
  EXPECT_EQ(quarter(8), 2);
  EXPECT_EQ(quarter(6).error().text(), "halve: odd");
  EXPECT_EQ(quarter(3).error().text(), "halve: odd");
}

}  // namespace
}  // namespace hopyard
