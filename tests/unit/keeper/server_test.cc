#include "keeper/server.hh"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

#include "keeper/json.hh"
#include "keeper/protocol.hh"
#include "sys/file.hh"
#include "sys/socket.hh"
#include "tests/unit/folder.hh"

namespace hopyard::keeper {
namespace {

constexpr std::size_t big = std::size_t{8} << 20;

/// A client that knows nothing of manners.
class Wire {
 public:
  explicit Wire(const Folder& folder) {
    auto open = sys::open_folder(sys::here(), folder.path());
    socket_ = std::move(sys::connect_unix(open->get(), "control").value());
  }
  void say(const std::string& bytes) const { ASSERT_TRUE(sys::send_all(socket_.get(), bytes)); }
  void ask(const std::string& body) const { say(frame(body)); }
  /// The next answer; "" at the end.
  std::string hear() {
    for (;;) {
      const auto body = reader_.next();
      if (body && *body) return **body;
      std::array<char, 65536> room;
      const auto count = sys::receive(socket_.get(), room, descriptors_);
      if (!count || *count == 0) return "";
      reader_.add(std::span(room).first(*count));
    }
  }
  [[nodiscard]] const std::vector<sys::Fd>& descriptors() const { return descriptors_; }
  void no_more() const { ::shutdown(socket_.get(), SHUT_WR); }

 private:
  sys::Fd socket_;
  FrameReader reader_{longest_answer};
  std::vector<sys::Fd> descriptors_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    const auto folder = sys::open_folder(sys::here(), folder_.path());
    auto socket = sys::bind_unix(folder->get(), "control");
    EXPECT_TRUE(sys::listen(socket->get()));
    ::fcntl(socket->get(), F_SETFL, O_NONBLOCK);
    thread_ = std::thread([listening = std::move(*socket)]() mutable {
      Loop loop = *Loop::open();
      Loop::Watch timer;
      std::vector<Reply> held;
      const Server server(loop, std::move(listening), ::geteuid(),
                          [&](const std::string& request, Reply reply) {
                            if (request == "hold") return held.push_back(std::move(reply));
                            if (request == "release") {
                              for (const Reply& waiting : held) waiting({"released"});
                              return reply({"done"});
                            }
                            if (request == "awaited") {
                              std::string words;
                              for (const Reply& waiting : held) words += waiting.awaited() ? '+' : '-';
                              return reply({words});
                            }
                            if (request == "later") {
                              timer = loop.after(std::chrono::milliseconds(1), [reply] { reply({"late"}); });
                              return;
                            }
                            if (request == "big") return reply({std::string(big, 'b')});
                            if (request == "stop") {
                              Answer last{"stopping"};
                              last.sent = [&loop] { loop.stop(); };
                              return reply(std::move(last));
                            }
                            Answer answer{"echo " + request};
                            if (request == "descriptor")
                              answer.descriptors.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
                            reply(std::move(answer));
                          });
      loop.run();
    });
  }
  ~ServerTest() override {
    Wire(folder_).ask("stop");
    thread_.join();
  }

  Folder folder_;
  std::thread thread_;
};

TEST_F(ServerTest, AnswersOneAfterTheOther) {
  Wire wire(folder_);
  wire.ask("one");
  EXPECT_EQ(wire.hear(), "echo one");
  wire.say(frame("later") + frame("two"));
  EXPECT_EQ(wire.hear(), "late");
  EXPECT_EQ(wire.hear(), "echo two");
}

TEST_F(ServerTest, KnowsWhetherAnAnswerIsAwaitedStill) {
  Wire waits(folder_);
  waits.ask("hold");
  Wire listens(folder_);
  listens.ask("hold");
  listens.no_more();
  auto goes = std::make_optional<Wire>(folder_);
  goes->ask("hold");
  Wire wire(folder_);
  const auto awaited = [&] {
    wire.ask("awaited");
    return wire.hear();
  };
  while (awaited() != "+++") {
  }
  goes.reset();
  const std::string after = awaited();
  EXPECT_EQ(after.size(), 3U);
  EXPECT_EQ(std::ranges::count(after, '-'), 1);
}

TEST_F(ServerTest, AnswersARequestThatIsTooLongAndCloses) {
  Wire wire(folder_);
  wire.say("\x7f\xff\xff\xff garbage");
  const auto answer = parse_object(wire.hear());
  ASSERT_TRUE(answer);
  EXPECT_FALSE(truth(*answer, "ok"));
  EXPECT_EQ(text(part(*answer, "error"), "detail"), "it has 2147483647 bytes, the most is 65536");
  EXPECT_EQ(wire.hear(), "");
}

TEST_F(ServerTest, WaitsForTheOtherHalf) {
  Wire slow(folder_);
  const std::string request = frame("patience");
  slow.say(request.substr(0, 7));
  Wire other(folder_);
  other.ask("quick");
  EXPECT_EQ(other.hear(), "echo quick");
  slow.say(request.substr(7));
  EXPECT_EQ(slow.hear(), "echo patience");
}

TEST_F(ServerTest, ForgetsAClientThatGoesInTheMiddle) {
  {
    const Wire wire(folder_);
    wire.say(std::string("\0\0\0\x09half", 8));
  }
  {
    const Wire wire(folder_);
    wire.ask("hold");
  }
  Wire other(folder_);
  other.ask("release");
  EXPECT_EQ(other.hear(), "done");
}

TEST_F(ServerTest, AnswersOthersWhileOneWaits) {
  Wire waiting(folder_);
  waiting.ask("hold");
  Wire other(folder_);
  for (int round = 0; round < 100; ++round) {
    other.ask("x");
    ASSERT_EQ(other.hear(), "echo x");
  }
  other.ask("release");
  EXPECT_EQ(other.hear(), "done");
  EXPECT_EQ(waiting.hear(), "released");
}

TEST_F(ServerTest, IsNotHeldUpByOneThatDoesNotRead) {
  Wire lazy(folder_);
  lazy.ask("big");
  Wire other(folder_);
  other.ask("x");
  EXPECT_EQ(other.hear(), "echo x");
  EXPECT_EQ(lazy.hear().size(), big);
}

TEST_F(ServerTest, SendsDescriptorsAlong) {
  Wire wire(folder_);
  wire.ask("descriptor");
  EXPECT_EQ(wire.hear(), "echo descriptor");
  ASSERT_EQ(wire.descriptors().size(), 1U);
  char byte = 0;
  EXPECT_EQ(::read(wire.descriptors()[0].get(), &byte, 1), 0);
}

TEST_F(ServerTest, ServesManyAtOnce) {
  std::vector<std::unique_ptr<Wire>> wires;
  for (int i = 0; i < 200; ++i) wires.push_back(std::make_unique<Wire>(folder_));
  for (const auto& wire : wires) wire->ask("many");
  for (const auto& wire : wires) ASSERT_EQ(wire->hear(), "echo many");
}

}  // namespace
}  // namespace hopyard::keeper
