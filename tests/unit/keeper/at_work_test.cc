#include "keeper/at_work.hh"

#include <gtest/gtest.h>

#include <vector>

namespace hopyard::keeper {
namespace {

using std::chrono::milliseconds;

constexpr pid_t own = 7;

observe::Process process(pid_t session, char state, milliseconds cpu = milliseconds(1)) {
  observe::Process one;
  one.inner_session = session;
  one.state = state;
  one.cpu = cpu;
  return one;
}

TEST(AtWork, IsWhoRunsOrWaitsForTheKernel) {
  EXPECT_TRUE(is_at_work(std::vector{process(own, 'R')}, own));
  EXPECT_TRUE(is_at_work(std::vector{process(own, 'D')}, own));
  for (const char state : {'S', 'T', 't', 'Z', 'X', 'I'})
    EXPECT_FALSE(is_at_work(std::vector{process(own, state)}, own)) << state;
  EXPECT_FALSE(is_at_work({}, own));
}

TEST(AtWork, IsAShellWhoseChildIs) {
  EXPECT_TRUE(is_at_work(std::vector{process(own, 'S'), process(own, 'R')}, own));
  EXPECT_FALSE(is_at_work(std::vector{process(own, 'S'), process(own + 1, 'R')}, own));
}

TEST(AtWork, IsNobodyWhoHasHadEnough) {
  EXPECT_TRUE(is_at_work(std::vector{process(own, 'R', most_work - milliseconds(1))}, own));
  EXPECT_FALSE(is_at_work(std::vector{process(own, 'R', most_work)}, own));
  EXPECT_FALSE(is_at_work(std::vector{process(own, 'R'), process(own, 'S', most_work)}, own));
  auto shell = process(own, 'R');
  shell.ended_cpu = most_work;
  EXPECT_FALSE(is_at_work(std::vector{shell}, own));
  EXPECT_TRUE(is_at_work(std::vector{process(own, 'R'), process(own + 1, 'R', most_work)}, own));
}

}  // namespace
}  // namespace hopyard::keeper
