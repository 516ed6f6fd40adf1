#include "app/hurry.hh"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <initializer_list>

#include "sys/process.hh"
#include "sys/signals.hh"

namespace hopyard::app {
namespace {

/// A keeper that does nothing until a signal ends it.
class Hurried : public testing::Test {
 protected:
  void SetUp() override {
    keeper_ = ::fork();
    if (keeper_ == 0) {
      sys::reset_signals();
      for (;;) ::pause();
    }
    pidfd_ = sys::pidfd_open(keeper_).value();
  }
  void TearDown() override {
    static_cast<void>(sys::pidfd_send_signal(pidfd_.get(), SIGKILL));
    if (!waited_) ::waitpid(keeper_, nullptr, 0);
  }
  bool lives() {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(keeper_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
  }
  int ended_by() {
    int status = 0;
    ::waitpid(keeper_, &status, 0);
    waited_ = true;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
  pid_t keeper_ = -1;
  sys::Fd pidfd_;
  bool waited_ = false;
};

TEST_F(Hurried, EndsItWhenAskedAgain) {
  const sys::BlockedSignals blocked(sys::signal_set({SIGINT, SIGTERM, SIGHUP}));
  const Hurry hurry(pidfd_.get(), std::chrono::milliseconds(0));
  ::raise(SIGINT);
  EXPECT_EQ(ended_by(), SIGTERM);
}

TEST_F(Hurried, TakesWhatComesAtOnceForTheSameRequest) {
  const Hurry hurry(pidfd_.get(), std::chrono::hours(1));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::raise(signal);
  EXPECT_TRUE(lives());
}

TEST_F(Hurried, LeavesIgnoredSignalsIgnoredAndPutsAllBack) {
  struct sigaction ignored {};
  ignored.sa_handler = SIG_IGN;
  struct sigaction before {};
  ::sigaction(SIGHUP, &ignored, &before);
  const sys::BlockedSignals blocked(sys::signal_set({SIGINT}));
  {
    const Hurry hurry(pidfd_.get(), std::chrono::milliseconds(0));
    ::raise(SIGHUP);
    EXPECT_TRUE(lives());
  }
  struct sigaction now {};
  ::sigaction(SIGHUP, &before, &now);
  EXPECT_EQ(now.sa_handler, SIG_IGN);
  ::sigaction(SIGINT, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
  sigset_t mask;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  EXPECT_EQ(::sigismember(&mask, SIGINT), 1);
  EXPECT_EQ(::sigismember(&mask, SIGTERM), 0);
}

}  // namespace
}  // namespace hopyard::app
