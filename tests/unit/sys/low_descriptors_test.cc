#include "sys/low_descriptors.hh"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/select.h>
#include <unistd.h>

#include <vector>

#include "sys/fd.hh"
#include "sys/limits.hh"

namespace hopyard::sys {
namespace {

Fd another() {
  return Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

TEST(LowDescriptors, AreThereWhereItHasMany) {
  const RaisedOpenFiles raised;
  std::vector<Fd> many;
  while (many.empty() || many.back().get() < FD_SETSIZE) {
    many.push_back(another());
    ASSERT_TRUE(many.back());
  }
  int number = -1;
  ASSERT_TRUE(with_low_descriptors([&] {
    const Fd opened = another();
    number = opened.get();
  }));
  EXPECT_EQ(number, STDERR_FILENO + 1);
  // Nothing of the process itself was closed.
  for (const Fd& one : many) ASSERT_NE(::fcntl(one.get(), F_GETFD), -1);
}

}  // namespace
}  // namespace hopyard::sys
