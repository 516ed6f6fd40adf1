#include "keeper/container_processes.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hopyard::keeper {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

observe::Process process(pid_t pid, pid_t parent, std::uint64_t pid_namespace) {
  observe::Process one;
  one.pid = pid;
  one.parent = parent;
  one.pid_namespace = pid_namespace;
  return one;
}

std::vector<pid_t> numbers(const std::vector<observe::Process>& all, pid_t first) {
  std::vector<pid_t> found;
  for (const observe::Process& one : container_processes(all, first)) found.push_back(one.pid);
  return found;
}

TEST(ContainerProcesses, AreThoseOfItsPidNamespaceAndBelow) {
  const std::vector<observe::Process> all{
      process(1, 0, 100),   process(10, 1, 100),   // the host's, a monitor among them
      process(11, 10, 200), process(12, 11, 200),  // the container
      process(13, 12, 300),                        // a container in it
      process(14, 10, 200),                        // somebody looks in
      process(15, 14, 200), process(16, 10, 400)};
  EXPECT_THAT(numbers(all, 11), ElementsAre(11, 12, 13, 14, 15));
  EXPECT_THAT(numbers(all, 99), IsEmpty());
}

TEST(ContainerProcesses, OfAProcessWithoutAPidNamespaceAreItsDescendants) {
  const std::vector<observe::Process> all{process(1, 0, 100), process(10, 1, 100), process(11, 10, 100),
                                          process(12, 1, 100)};
  EXPECT_THAT(numbers(all, 10), ElementsAre(10, 11));
}

TEST(ContainerProcesses, AListThatGoesRoundInCirclesEnds) {
  const std::vector<observe::Process> all{process(1, 0, 100), process(10, 1, 200), process(20, 21, 100),
                                          process(21, 20, 100)};
  EXPECT_THAT(numbers(all, 10), ElementsAre(10));
}

}  // namespace
}  // namespace hopyard::keeper
