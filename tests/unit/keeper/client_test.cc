#include "keeper/client.hh"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <thread>

#include "keeper/json.hh"
#include "keeper/protocol.hh"
#include "sys/socket.hh"
#include "tests/unit/folder.hh"

namespace hopyard::keeper {
namespace {

/// A keeper of one connection that says what it is told to.
class Scripted {
 public:
  /// @param answers bytes for each request in turn, as they go over the socket; "" closes instead.
  Scripted(const Registry& registry, std::vector<std::string> answers)
      : claim_(std::move(registry.claim("lab").value())),
        socket_(std::move(sys::bind_unix(claim_.folder(), "control").value())) {
    EXPECT_TRUE(sys::listen(socket_.get()));
    thread_ = std::jthread([this, answers = std::move(answers)] {
      const sys::Fd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      FrameReader reader(longest_request);
      std::array<char, 4096> room;
      std::vector<sys::Fd> none;
      for (const std::string& answer : answers) {
        for (;;) {
          const auto body = reader.next();
          if (body && *body) {
            requests.push_back(**body);
            break;
          }
          const auto count = sys::receive(client.get(), room, none);
          if (!count || *count == 0) return;
          reader.add(std::span(room).first(*count));
        }
        if (answer.empty()) return;
        static_cast<void>(sys::send_all(client.get(), answer));
      }
    });
  }
  void join() { thread_.join(); }
  std::vector<std::string> requests;

 private:
  Claim claim_;
  sys::Fd socket_;
  std::jthread thread_;
};

class ClientTest : public testing::Test {
 protected:
  Client connect() { return std::move(Client::connect(registry_, "lab").value()); }
  Folder folder_;
  Registry registry_{folder_.path() / "run", true};
};

TEST_F(ClientTest, SaysWhenThereIsNoSuchLab) {
  EXPECT_EQ(Client::connect(registry_, "lab").error().text(),
            "no lab lab is running\n  start it with: hopyard up FILE");
}

TEST_F(ClientTest, KnowsWhoTheKeeperIs) {
  Scripted keeper(registry_, {});
  EXPECT_EQ(connect().keeper(), ::getpid());
}

TEST_F(ClientTest, PassesTheKeepersWordsOn) {
  Scripted keeper(registry_,
                  {frame(error_answer({"no node 'x' in lab lab", "", 0, "", "did you mean 'y'?"}))});
  EXPECT_EQ(connect().heal("x").error().text(), "no node 'x' in lab lab\n  did you mean 'y'?");
}

TEST_F(ClientTest, AsksInTheWordsOfTheProtocol) {
  const std::string fine = frame(text_of({{"ok", true}}));
  Scripted keeper(registry_, {fine, fine, fine, fine});
  {
    Client client = connect();
    EXPECT_TRUE(client.fail("r1", Failure::Kill));
    EXPECT_TRUE(client.heal("a -- b"));
    net::Impairment impairment;
    impairment.rate = 1000;
    EXPECT_TRUE(client.shape("r1:eth0", impairment, Direction::Back));
    EXPECT_TRUE(client.shape("r1:eth0", impairment, Direction::Out, net::Impairment{}));
  }
  keeper.join();
  EXPECT_EQ(keeper.requests[0], R"({"do":"fail","how":"kill","target":"r1"})");
  EXPECT_EQ(keeper.requests[1], R"({"do":"heal","target":"a -- b"})");
  EXPECT_EQ(keeper.requests[2],
            R"({"direction":"back","do":"shape","impairment":{"rate":1000},"target":"r1:eth0"})");
  EXPECT_EQ(keeper.requests[3],
            R"({"direction":"out","do":"shape","impairment":{"rate":1000},"target":"r1:eth0","was":{}})");
}

TEST_F(ClientTest, SaysWhenTheKeeperHasEnded) {
  Scripted keeper(registry_, {""});
  EXPECT_EQ(connect().describe().error().text(), "speak with the keeper of lab lab: it has ended");
}

TEST_F(ClientTest, SaysWhenTheKeeperEndsInAnAnswer) {
  Scripted keeper(registry_, {frame("{\"ok\":true}").substr(0, 9)});
  EXPECT_EQ(connect().heal("r1").error().text(), "speak with the keeper of lab lab: it has ended");
}

TEST_F(ClientTest, SaysWhenAnAnswerIsNone) {
  Scripted keeper(registry_, {frame("nonsense")});
  EXPECT_EQ(connect().heal("r1").error().text(), "read a message: it is not a JSON object");
}

TEST_F(ClientTest, RefusesAnEntryWithoutItsDescriptor) {
  Scripted keeper(registry_, {frame(R"({"nodes":[{"node":"r1"}],"ok":true})")});
  EXPECT_EQ(connect().enter("r1").error().text(), "enter node r1: no way in came along");
}

TEST_F(ClientTest, RefusesAnAnswerWithoutTheEntry) {
  Scripted keeper(registry_, {frame(R"({"ok":true})")});
  EXPECT_EQ(connect().enter("r1").error().text(), "enter node r1: no way in came along");
}

TEST_F(ClientTest, RefusesARequestThatIsTooLong) {
  Scripted keeper(registry_, {});
  EXPECT_EQ(connect().heal(std::string(longest_request, 'x')).error().text(),
            "ask the keeper: the request is too long");
}

}  // namespace
}  // namespace hopyard::keeper
