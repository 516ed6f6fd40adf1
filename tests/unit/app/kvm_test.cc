#include "sys/kvm.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

namespace hopyard::sys {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""min;

TEST(Kvm, WhatIsNoKvmIsToldApart) {
  EXPECT_EQ(run_kvm_guest("/dev/no-such-device").error().code, ENOENT);
  const auto not_kvm = run_kvm_guest("/dev/null");
  ASSERT_FALSE(not_kvm);
  EXPECT_EQ(not_kvm.error().text(), "ask for the version of /dev/null: Inappropriate ioctl for device");
}

TEST(Kvm, WhatHangsIsGivenUp) {
  const auto hangs = within(50ms, "run a virtual processor", []() -> Result<> {
    for (;;) ::pause();
  });
  ASSERT_FALSE(hangs);
  EXPECT_EQ(hangs.error().text(), "run a virtual processor: nothing came of it within 50 ms");
}

TEST(Kvm, WhatAProcessSaysIsPassedOn) {
  EXPECT_TRUE(within(1min, "try", []() -> Result<> { return {}; }));
  const auto refused =
      within(1min, "try", []() -> Result<> { return failure("open", "/dev/kvm", EACCES, "with words"); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(), "open /dev/kvm: Permission denied (with words)");
  EXPECT_EQ(refused.error().code, EACCES);
}

TEST(Kvm, AProcessThatDiesIsNoAnswer) {
  const auto dead = within(1min, "run a virtual processor", []() -> Result<> { ::_exit(0); });
  ASSERT_FALSE(dead);
  EXPECT_EQ(dead.error().text(),
            "run a virtual processor: the process that tried it has ended without a word");
}

}  // namespace
}  // namespace hopyard::sys
