#include "observe/processes.hh"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "sys/file.hh"
#include "sys/process.hh"

namespace hopyard::observe {
namespace {

constexpr const char* stat_line =
    "4711 (odd) (na me) S 12 4711 4711 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 1 0 100 2703360 25 "
    "18446744073709551615 1";

TEST(ParseStat, TakesTheNameUpToTheLastBracket) {
  Process process;
  ASSERT_TRUE(parse_stat(stat_line, process));
  EXPECT_EQ(process.name, "odd) (na me");
  EXPECT_EQ(process.command, "[odd) (na me]");
  EXPECT_EQ(process.state, 'S');
  EXPECT_EQ(process.parent, 12);
  EXPECT_EQ(process.memory, 25U * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(process.cpu.count(), 200 * 1000 / ::sysconf(_SC_CLK_TCK));
  EXPECT_EQ(process.ended_cpu.count(), 15 * 1000 / ::sysconf(_SC_CLK_TCK));
}

TEST(ParseStat, RefusesWhatIsCutShort) {
  Process process;
  const std::string whole = stat_line;
  const std::size_t enough = whole.find(" 25 ") + 2;  // the last field that is read has begun
  for (std::size_t size = 0; size < enough; ++size)
    EXPECT_FALSE(parse_stat(whole.substr(0, size), process)) << size;
}

TEST(ParsePidfdInfo, FindsTheNumber) {
  EXPECT_EQ(
      parse_pidfd_info("pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t1\nPid:\t4711\nNSpid:\t4711\t3\n"),
      4711);
  EXPECT_EQ(parse_pidfd_info("Pid:\t-1\n"), 0);
  EXPECT_EQ(parse_pidfd_info("pos:\t0\n"), 0);
  EXPECT_EQ(parse_pidfd_info(""), 0);
}

class ThisProcess : public testing::Test {
 protected:
  sys::Fd proc_ = std::move(sys::open_folder(sys::here(), "/proc").value());
};

TEST_F(ThisProcess, IsAmongAll) {
  const auto all = list_processes(proc_.get());
  ASSERT_TRUE(all);
  const auto self = std::ranges::find(*all, ::getpid(), &Process::pid);
  ASSERT_NE(self, all->end());
  EXPECT_EQ(self->parent, ::getppid());
  EXPECT_EQ(self->state, 'R');
  EXPECT_GT(self->memory, 0U);
  EXPECT_NE(self->command.find("unit_observe"), std::string::npos);
  struct stat status {};
  ASSERT_EQ(::stat("/proc/self/ns/pid", &status), 0);
  EXPECT_EQ(self->pid_namespace, status.st_ino);
}

TEST_F(ThisProcess, HasItsNumberInItsOwnProcfs) {
  const auto pidfd = sys::pidfd_open(::getpid());
  ASSERT_TRUE(pidfd);
  EXPECT_EQ(number_in(proc_.get(), pidfd->get()), ::getpid());
}

TEST_F(ThisProcess, IsNothingOnceItHasEnded) {
  auto child = sys::fork();
  ASSERT_TRUE(child);
  if (child->is_child()) ::_exit(0);
  ASSERT_TRUE(sys::await_exit(child->pidfd.get(), std::nullopt).value());
  const auto zombie = read_process(proc_.get(), child->pid);
  ASSERT_TRUE(zombie);
  EXPECT_EQ(zombie->state, 'Z');
  ASSERT_EQ(::waitpid(child->pid, nullptr, 0), child->pid);
  EXPECT_FALSE(read_process(proc_.get(), child->pid));
  EXPECT_EQ(number_in(proc_.get(), child->pidfd.get()), 0);
}

}  // namespace
}  // namespace hopyard::observe
