#include "keeper/at_work.hh"

#include <gtest/gtest.h>

#include <vector>

namespace hopyard::keeper {
namespace {

using std::chrono::milliseconds;
using Processes = std::vector<observe::Process>;

constexpr pid_t own = 7;

observe::Process process(pid_t pid, char state, milliseconds cpu = milliseconds(1), pid_t session = own) {
  observe::Process one;
  one.pid = pid;
  one.inner_session = session;
  one.state = state;
  one.cpu = cpu;
  return one;
}

/// How many looks at the same take it to be a service; 0 when it is none after many.
int looks_until_service(AtWork& work, const Processes& processes) {
  for (int looks = 1; looks < 100; ++looks)
    if (!work.look(processes)) return looks;
  return 0;
}

int looks_until_service(const Processes& processes) {
  AtWork work(own);
  return looks_until_service(work, processes);
}

TEST(AtWork, IsWhoRunsOrWaitsForTheKernel) {
  EXPECT_EQ(looks_until_service({process(own, 'R')}), 0);
  EXPECT_EQ(looks_until_service({process(own, 'D')}), 0);
  for (const char state : {'S', 'T', 't', 'Z', 'X', 'I'})
    EXPECT_EQ(looks_until_service({process(own, state)}), quiet_looks) << state;
  EXPECT_EQ(looks_until_service(Processes{}), quiet_looks);
}

TEST(AtWork, IsAShellWhoseChildIs) {
  EXPECT_EQ(looks_until_service({process(own, 'S'), process(8, 'R')}), 0);
  EXPECT_EQ(looks_until_service({process(own, 'S'), process(8, 'R', milliseconds(1), own + 1)}), quiet_looks);
}

TEST(AtWork, IsNobodyWhoHasHadEnough) {
  EXPECT_EQ(looks_until_service({process(own, 'R', most_work - milliseconds(1))}), 0);
  EXPECT_EQ(looks_until_service({process(own, 'R', most_work)}), 1);
  EXPECT_EQ(looks_until_service({process(own, 'R'), process(8, 'S', most_work)}), 1);
  auto shell = process(own, 'R');
  shell.ended_cpu = most_work;
  EXPECT_EQ(looks_until_service({shell}), 1);
  EXPECT_EQ(looks_until_service({process(own, 'R'), process(8, 'R', most_work, own + 1)}), 0);
}

TEST(AtWork, GoesOnAfterFewLooksThatFoundNobody) {
  AtWork work(own);
  for (int round = 0; round < 5; ++round) {
    for (int quiet = 1; quiet < quiet_looks; ++quiet) EXPECT_TRUE(work.look(Processes{process(own, 'S')}));
    EXPECT_TRUE(work.look(Processes{process(own, 'R')}));
  }
  EXPECT_EQ(looks_until_service(work, {process(own, 'S')}), quiet_looks);
}

TEST(AtWork, IsAShellOfManyShortCommandsNoneOfWhichIsSeenToRun) {
  AtWork work(own);
  for (pid_t child = 8; child < 100; ++child)
    EXPECT_TRUE(work.look(Processes{process(own, 'S'), process(child, 'Z')})) << child;
  AtWork between(own);  // each look comes when one child has ended and the next is not there
  auto shell = process(own, 'S');
  for (int ended = 0; ended < 40; ++ended) {
    shell.ended_cpu += milliseconds(10);
    EXPECT_TRUE(between.look(Processes{shell})) << ended;
  }
}

TEST(AtWork, IsWhoseThreadsAre) {
  AtWork work(own);
  for (int cpu = 0; cpu < 400; cpu += 10)
    EXPECT_TRUE(work.look(Processes{process(own, 'S', milliseconds(cpu))})) << cpu;
  EXPECT_EQ(looks_until_service(work, {process(own, 'S', milliseconds(390))}), quiet_looks);
}

}  // namespace
}  // namespace hopyard::keeper
