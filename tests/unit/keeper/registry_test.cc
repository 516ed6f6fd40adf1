#include "keeper/registry.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <latch>
#include <thread>

#include "sys/file.hh"
#include "sys/socket.hh"
#include "tests/unit/folder.hh"

namespace hopyard::keeper {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RegistryTest : public testing::Test {
 protected:
  [[nodiscard]] std::string labs() const {
    const auto live = registry_.labs();
    return live ? testing::PrintToString(*live) : live.error().text();
  }
  [[nodiscard]] std::filesystem::path lab(const std::string& name) const { return path_ / name; }
  // What a keeper that was killed has left.
  void leave_dead(const std::string& name) const {
    std::filesystem::create_directories(lab(name));
    std::ofstream(lab(name) / "log") << "last words\n";
    std::ofstream(lab(name) / "control");
  }

  Folder folder_;
  std::filesystem::path path_ = folder_.path() / "run";
  Registry registry_{path_, true};
};

TEST_F(RegistryTest, HasNoLabsWhereThereIsNoDirectory) {
  EXPECT_THAT(registry_.labs().value(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RegistryTest, ListsTheLabsThatLive) {
  const auto b = registry_.claim("b");
  const auto a = registry_.claim("a");
  ASSERT_TRUE(a && b);
  EXPECT_THAT(registry_.labs().value(), ElementsAre("a", "b"));
  EXPECT_EQ(std::filesystem::status(lab("a")).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(RegistryTest, ClearsWhatADeadLabHasLeft) {
  leave_dead("dead");
  const auto alive = registry_.claim("alive");
  ASSERT_TRUE(alive);
  EXPECT_THAT(registry_.labs().value(), ElementsAre("alive"));
  EXPECT_FALSE(std::filesystem::exists(lab("dead")));
}

TEST_F(RegistryTest, IsGoneWithItsLastLab) {
  leave_dead("dead");
  EXPECT_THAT(registry_.labs().value(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RegistryTest, IsGoneWhenItsFirstLabNeverCameToBe) {
  std::filesystem::create_directories(path_);  // all that somebody did who was killed then
  EXPECT_THAT(registry_.labs().value(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RegistryTest, StaysWhereItWasGiven) {
  const Registry given(path_, false);
  leave_dead("dead");
  EXPECT_THAT(given.labs().value(), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(path_));
}

TEST_F(RegistryTest, RefusesASecondLabOfTheName) {
  const auto first = registry_.claim("office");
  ASSERT_TRUE(first);
  const auto second = registry_.claim("office");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().text(),
            fmt::format(
                "lab office is already being started, by process {}\n  wait for it, or end it with: kill {}",
                ::getpid(), ::getpid()));
  const auto control = sys::bind_unix(first->folder(), "control");
  ASSERT_TRUE(control && sys::listen(control->get()));
  EXPECT_EQ(registry_.claim("office").error().text(),
            "lab office is already running\n  stop it with: hopyard down office");
  EXPECT_THAT(registry_.labs().value(), ElementsAre("office"));
}

TEST_F(RegistryTest, IsNotKeptWhereOthersMayWrite) {
  std::filesystem::create_directories(path_);
  std::filesystem::permissions(path_, std::filesystem::perms::all);
  const auto claim = registry_.claim("office");
  ASSERT_FALSE(claim);
  EXPECT_EQ(claim.error().text(), "keep labs in " + path_.string() +
                                      ": others may write in it\n  name a folder of your own in "
                                      "HOPYARD_RUNTIME_DIR, or make this one so");
  EXPECT_TRUE(std::filesystem::is_empty(path_));
}

TEST_F(RegistryTest, LeavesWhatItDoesNotKnow) {
  leave_dead("office");
  std::ofstream(lab("office") / "leases") << "10.0.0.1";
  const auto claim = registry_.claim("office");
  ASSERT_FALSE(claim);
  EXPECT_EQ(claim.error().text(),
            "clear what a dead lab office has left: its directory holds 'leases', which this version of "
            "Hopyard does "
            "not know\n  let the version that started it do it, or remove the directory once nothing of the "
            "lab is left");
  EXPECT_TRUE(std::filesystem::exists(lab("office") / "leases"));
}

TEST_F(RegistryTest, GivesTheNameOfADeadLabToTheNext) {
  leave_dead("office");
  const auto claim = registry_.claim("office");
  ASSERT_TRUE(claim);
  EXPECT_TRUE(std::filesystem::is_empty(lab("office")));
}

TEST_F(RegistryTest, FreesTheNameWhenNobodyHoldsItAnyMore) {
  {
    auto claim = registry_.claim("office");
    ASSERT_TRUE(claim);
    const sys::Fd keepers(::fcntl(claim->folder(), F_DUPFD_CLOEXEC, 0));  // as a fork has it
    claim->keep();
    EXPECT_THAT(registry_.labs().value(), ElementsAre("office"));
  }
  EXPECT_THAT(registry_.labs().value(), IsEmpty());
}

TEST_F(RegistryTest, RemovesAClaimThatIsNotKept) {
  { ASSERT_TRUE(registry_.claim("office")); }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RegistryTest, LeavesADirectoryAloneThatHasComeToBeAnothers) {
  auto claim = registry_.claim("office");
  ASSERT_TRUE(claim);
  std::filesystem::rename(lab("office"), lab("elsewhere"));
  std::filesystem::create_directory(lab("office"));
  ASSERT_TRUE(claim->remove());
  EXPECT_TRUE(std::filesystem::exists(lab("office")));
}

TEST_F(RegistryTest, LetsOneOfManyHaveTheName) {
  constexpr int many = 8;
  std::latch together(many);
  std::vector<std::optional<Result<Claim>>> claims(many);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < many; ++i) {
      threads.emplace_back([&, i] {
        together.arrive_and_wait();
        claims[i].emplace(registry_.claim("office"));
      });
    }
  }
  int winners = 0;
  for (const auto& claim : claims) winners += claim->has_value() ? 1 : 0;
  EXPECT_EQ(winners, 1);
}

TEST_F(RegistryTest, NeverTakesALabForDeadOrBusyWhileOthersLook) {
  const std::jthread looking([&](const std::stop_token& over) {
    while (!over.stop_requested()) EXPECT_TRUE(registry_.labs());
  });
  for (int round = 0; round < 200; ++round) {
    auto claim = registry_.claim("office");
    ASSERT_TRUE(claim) << claim.error().text();
    ASSERT_TRUE(std::filesystem::exists(lab("office")));
    ASSERT_TRUE(claim->remove());
  }
}

TEST_F(RegistryTest, RefusesNamesThatLeadElsewhere) {
  for (const char* name : {"", ".", "..", "../x", "a/b", ".hidden", "-x", "a b", "\xc3\xa9"}) {
    EXPECT_FALSE(valid_lab_name(name)) << name;
    EXPECT_FALSE(registry_.claim(name)) << name;
    EXPECT_FALSE(registry_.connect(name)) << name;
  }
  EXPECT_FALSE(valid_lab_name(std::string(64, 'a')));
  EXPECT_TRUE(valid_lab_name(std::string(63, 'a')));
  EXPECT_TRUE(valid_lab_name("Fat-Tree_4.v2"));
}

TEST_F(RegistryTest, SaysWhichLabIsMeant) {
  EXPECT_EQ(registry_.only_lab().error().text(), "no lab is running\n  start one with: hopyard up FILE");
  const auto a = registry_.claim("a");
  EXPECT_EQ(registry_.only_lab().value(), "a");
  const auto b = registry_.claim("b");
  EXPECT_EQ(registry_.only_lab().error().text(), "2 labs are running: a, b\n  say which is meant");
}

TEST_F(RegistryTest, ConnectsToTheLabThatListens) {
  const auto claim = registry_.claim("a");
  ASSERT_TRUE(claim);
  const auto socket = sys::bind_unix(claim->folder(), "control");
  ASSERT_TRUE(socket);
  EXPECT_EQ(registry_.connect("a").error().text(),
            "lab a is still being started, or is ending\n  wait until hopyard up has answered");
  ASSERT_TRUE(sys::listen(socket->get()));
  EXPECT_TRUE(registry_.connect("a"));
  EXPECT_EQ(registry_.connect("b").error().text(), "no lab b is running\n  running: a");
}

TEST_F(RegistryTest, ClearsALabThatItCannotConnectTo) {
  leave_dead("dead");
  EXPECT_EQ(registry_.connect("dead").error().text(),
            "no lab dead is running\n  start it with: hopyard up FILE");
  EXPECT_FALSE(std::filesystem::exists(lab("dead")));
}

TEST_F(RegistryTest, ConnectsByPathsOfAnyLength) {
  const Registry deep(path_ / std::string(200, 'd'), true);
  std::filesystem::create_directories(path_);
  const auto claim = deep.claim("a");
  ASSERT_TRUE(claim) << claim.error().text();
  const auto socket = sys::bind_unix(claim->folder(), "control");
  ASSERT_TRUE(socket && sys::listen(socket->get()));
  EXPECT_TRUE(deep.connect("a"));
}

}  // namespace
}  // namespace hopyard::keeper
