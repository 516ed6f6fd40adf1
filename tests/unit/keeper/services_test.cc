#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <thread>

#include "keeper/owners.hh"
#include "keeper/service_process.hh"
#include "keeper/supervisor.hh"
#include "tests/unit/folder.hh"

namespace hopyard::keeper {
namespace {

using Words = std::vector<std::string>;
using Order = Supervisor::Order;

net::Service service(std::string name, std::string command, Words after = {}) {
  net::Service one;
  one.name = std::move(name);
  one.command = {"/bin/sh", "-c", std::move(command)};
  one.after = std::move(after);
  return one;
}

/// A supervisor with this process as the parent of its services.
class Supervised {
 public:
  explicit Supervised(std::vector<net::Service> services)
      : services_(std::move(services)),
        supervisor_(services_, environment_, [this](const ServiceDescription& now) {
          told.push_back(now.name + ' ' + std::string(state_name(now.state)));
          states[now.name] = now;
        }) {}
  ~Supervised() {
    static_cast<void>(supervisor_.give(Order::Stop, {}));
    until([this] { return supervisor_.fulfilled(Order::Stop, {}).value_or(true); });
  }
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;

  Supervisor* operator->() { return &supervisor_; }
  void until(const std::function<bool()>& condition) {
    while (!condition()) {
      int status = 0;
      if (const pid_t pid = ::waitpid(-1, &status, WNOHANG); pid > 0) supervisor_.ended(pid, status);
      if (supervisor_.next() <= Supervisor::Clock::now()) supervisor_.tick();
      std::this_thread::yield();
    }
  }

  Words told;
  std::map<std::string, ServiceDescription> states;

 private:
  Words environment_{"PATH=/usr/bin:/bin"};
  std::vector<net::Service> services_;
  Supervisor supervisor_;
};

TEST(Supervisor, StartsInOrderAndStopsInTheOther) {
  Supervised all({service("b", "exec sleep 1000", {"a"}), service("a", "exec sleep 1000")});
  ASSERT_TRUE(all->give(Order::Start, {}));
  all.until([&] { return all->settled(); });
  EXPECT_EQ(all.told, (Words{"b waiting", "a waiting", "a running", "b running"}));
  all.told.clear();
  ASSERT_TRUE(all->give(Order::Stop, {}));
  all.until([&] { return *all->fulfilled(Order::Stop, {}); });
  EXPECT_EQ(all.told, (Words{"b stopping", "b stopped", "a stopping", "a stopped"}));
  EXPECT_EQ(all.states["a"].last_exit, 128 + SIGTERM);
}

TEST(Supervisor, ACommandMakesItReady) {
  auto one = service("a", "exec sleep 1000");
  one.ready = {net::Service::Ready::Kind::Command, "exit 0", 0};
  Supervised all({one, service("b", "exec sleep 1000", {"a"})});
  ASSERT_TRUE(all->give(Order::Start, {}));
  EXPECT_FALSE(all->settled());
  all.until([&] { return all->settled(); });
  EXPECT_EQ(all.told, (Words{"a waiting", "b waiting", "a starting", "a running", "b running"}));
}

TEST(Supervisor, WhatFailsForGoodLosesThoseAfterIt) {
  auto one = service("a", "exit 5");
  one.restart = net::Service::Restart::Never;
  one.ready = {net::Service::Ready::Kind::File, "/nonexistent", 0};
  Supervised all({one, service("b", "exec sleep 1000", {"a"}), service("c", "exec sleep 1000", {"b"})});
  ASSERT_TRUE(all->give(Order::Start, {}));
  all.until([&] { return all->settled(); });
  EXPECT_EQ(all.told, (Words{"a waiting", "b waiting", "c waiting", "a starting", "a ended"}));
  EXPECT_EQ(all->failures().size(), 3U);
  EXPECT_FALSE(all->fulfilled(Order::Start, Words{"a"}));
  EXPECT_FALSE(all->fulfilled(Order::Start, Words{"c"}));
}

TEST(Supervisor, AProgramThatIsNotThereIsAFailure) {
  net::Service one;
  one.name = "a";
  one.command = {"no-such-program"};
  one.restart = net::Service::Restart::Never;
  Supervised all({one});
  ASSERT_TRUE(all->give(Order::Start, {}));
  EXPECT_EQ(all.states["a"].state, ServiceState::Ended);
  EXPECT_EQ(all.states["a"].last_exit, 127);
}

TEST(Supervisor, StartsAgainByItsPolicy) {
  auto well = service("well", "exit 0");
  well.restart = net::Service::Restart::OnFailure;
  Supervised all({well, service("bad", "exit 1")});
  ASSERT_TRUE(all->give(Order::Start, {}));
  all.until(
      [&] { return all.states["bad"].restarts == 3 && all.states["well"].state == ServiceState::Ended; });
  EXPECT_EQ(all.states["well"].restarts, 0U);
}

TEST(Supervisor, WhatIsWellAgainHasNotFailed) {
  char folder[] = "/tmp/hopyard-supervisor-XXXXXX";
  ASSERT_NE(::mkdtemp(folder), nullptr);
  const std::string mark = std::string(folder) + "/mark";
  auto slow = service("a", "test -e " + mark + " && exec sleep 1000; touch " + mark + "; exit 1");
  slow.ready = {net::Service::Ready::Kind::Command, "test -e " + mark + " && test -e " + mark + "2", 0};
  Supervised all({slow});
  ASSERT_TRUE(all->give(Order::Start, {}));
  all.until([&] { return all.states["a"].restarts == 1; });
  EXPECT_TRUE(all->has_failed("a"));
  EXPECT_FALSE(all->fulfilled(Order::Start, {}));
  ASSERT_EQ(::close(::creat((mark + "2").c_str(), 0600)), 0);
  all.until([&] { return all.states["a"].state == ServiceState::Running; });
  EXPECT_FALSE(all->has_failed("a"));
  ASSERT_TRUE(all->give(Order::Stop, {}));
  all.until([&] { return all.states["a"].state == ServiceState::Stopped; });
  EXPECT_FALSE(all->has_failed("a"));
  std::filesystem::remove_all(folder);
}

TEST(Supervisor, ANameThatIsNoneIsAnError) {
  Supervised all({service("a", "exec sleep 1000")});
  EXPECT_FALSE(all->give(Order::Restart, Words{"b"}));
}

TEST(ReadyFile, OfADaemonsOwnHasSomethingInIt) {
  const Folder folder;
  const std::string path = folder.path() / "pid";
  const net::Service::Ready anybodys{net::Service::Ready::Kind::File, path};
  net::Service::Ready own = anybodys;
  own.left = path;
  EXPECT_FALSE(file_is_there(anybodys));
  EXPECT_FALSE(file_is_there(own));
  std::ofstream file(path);
  EXPECT_TRUE(file_is_there(anybodys));
  EXPECT_FALSE(file_is_there(own));
  file << "1\n" << std::flush;
  EXPECT_TRUE(file_is_there(own));
}

TEST(Listening, InodesOfAPort) {
  constexpr std::string_view table =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 "
      "100\n"
      "   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4243 1 0 "
      "100\n"
      "   2: 0100007F:0050 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4244 1 0 "
      "100\n";
  EXPECT_EQ(listening_inodes(table, 80), Words{"4242"});
  EXPECT_EQ(listening_inodes(table, 8080), Words{"4243"});
  EXPECT_EQ(listening_inodes(table, 81), Words{});
  EXPECT_EQ(listening_inodes("", 80), Words{});
}

TEST(Owners, NumbersOfNames) {
  constexpr std::string_view table =
      "root:x:0:0:root:/root:/bin/sh\nfrr:x:104:106::/nonexistent:/x\nbad\nodd:x:many:1\n";
  EXPECT_EQ(number_of(table, "root"), 0U);
  EXPECT_EQ(number_of(table, "frr"), 104U);
  EXPECT_EQ(number_of(table, "fr"), std::nullopt);
  EXPECT_EQ(number_of(table, "bad"), std::nullopt);
  EXPECT_EQ(number_of(table, "odd"), std::nullopt);
  Owners owners;
  EXPECT_EQ(owners.find("", "", "/x")->user, 0U);
  EXPECT_EQ(owners.find("12", "34", "/x")->group, 34U);
  const auto nobody = owners.find("no-such-user", "", "/etc/x");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().text(),
            "give /etc/x to user no-such-user: /etc/passwd has no such line\n"
            "  the user comes with the package of the program that wants it");
}

TEST(ServiceDescriptions, SurviveTheWay) {
  ServiceDescription one;
  one.node = "r1";
  one.name = "web";
  one.state = ServiceState::Pausing;
  one.pid = 7;
  one.restarts = 3;
  one.last_exit = 137;
  one.since = std::chrono::steady_clock::time_point(std::chrono::milliseconds(1234));
  const ServiceDescription back = service_from(to_json(one));
  EXPECT_EQ(to_json(back), to_json(one));
  EXPECT_EQ(back.since, one.since);
  EXPECT_EQ(service_from(to_json(ServiceDescription{})).last_exit, std::nullopt);
}

}  // namespace
}  // namespace hopyard::keeper
