#include "keeper/server.hh"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "keeper/json.hh"
#include "keeper/protocol.hh"
#include "sys/hangup.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

constexpr std::size_t most_connections = 1000;
constexpr std::size_t long_answer = std::size_t{256} * 1024;
constexpr std::chrono::milliseconds breath{50};  // when there is no descriptor left for a new client

// Says why and does not wait until that is heard.
void turn_away(int client) {
  const Error why{"speak with the keeper", "", 0,
                  fmt::format("it has {} clients already, and takes no more", most_connections),
                  "try again once some have ended: hopyard commands, and programs that use its socket"};
  static_cast<void>(sys::send(client, frame(error_answer(why))));
}

// Nothing has come or gone, and the next time that the socket is ready may be better.
bool passes(const Error& error) {
  return error.code == EAGAIN || error.code == ENOMEM || error.code == ENOBUFS;
}

}  // namespace

Answer outcome(const Result<>& result) {
  return {result ? text_of({{"ok", true}}) : error_answer(result.error())};
}

/// One client. Reads a request, waits for its answer, writes that, and only then reads the next.
class Server::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Server& server, std::uint64_t id, sys::Fd socket)
      : server_(server), id_(id), socket_(std::move(socket)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (outgoing_.sent) outgoing_.sent();
  }

  void read() {
    watch(Loop::For::Reading, [this] { readable(); });
  }
  void refuse(const Error& error) {
    last_ = true;
    answer({error_answer(error)});
  }

 private:
  /// Closes the connection, with the reason as its last answer, where nothing can be waited for.
  void watch(Loop::For what, std::function<void()> callback);
  void readable();
  void next_request();
  void answer(Answer answer);
  void write();

  Server& server_;
  std::uint64_t id_;
  sys::Fd socket_;
  FrameReader requests_{longest_request};
  Answer outgoing_;
  std::size_t gone_ = 0;  ///< bytes of it that were sent
  bool last_ = false;     ///< close after what is being answered
  Loop::Watch watch_;
};

void Server::Connection::watch(Loop::For what, std::function<void()> callback) {
  watch_ = {};  // a descriptor is watched once at a time
  auto watch = server_.loop_.watch(socket_.get(), what, std::move(callback));
  if (watch) {
    watch_ = std::move(*watch);
    return;
  }
  // Said at once, as far as it goes without waiting: else the keeper would seem to have ended.
  if (gone_ == 0) static_cast<void>(sys::send(socket_.get(), frame(error_answer(watch.error()))));
  server_.close(id_);
}

void Server::Connection::readable() {
  std::array<char, 4096> room;
  std::vector<sys::Fd> unwanted;
  const auto count = sys::receive(socket_.get(), room, unwanted);
  if (!count && passes(count.error())) return;
  if (!count || *count == 0) return server_.close(id_);
  requests_.add(std::span(room).first(*count));
  next_request();
}

void Server::Connection::next_request() {
  auto request = requests_.next();
  if (!request) return refuse(request.error());
  if (!*request) return read();
  watch_ = {};  // nothing more is read until this is answered
  const auto give = [weak = weak_from_this()](Answer given) {
    if (const auto self = weak.lock()) self->answer(std::move(given));
  };
  const auto awaited = [weak = weak_from_this()] {
    const auto self = weak.lock();
    return self != nullptr && !sys::has_hung_up(self->socket_.get());
  };
  server_.handler_(**request, Reply(give, awaited));
}

void Server::Connection::answer(Answer given) {
  outgoing_ = std::move(given);
  outgoing_.body = frame(outgoing_.body);
  gone_ = 0;
  watch(Loop::For::Writing, [this] { write(); });
}

void Server::Connection::write() {
  std::vector<int> numbers;
  numbers.reserve(outgoing_.descriptors.size());
  for (const sys::Fd& descriptor : outgoing_.descriptors) numbers.push_back(descriptor.get());
  const auto count = sys::send(socket_.get(), std::string_view(outgoing_.body).substr(gone_), numbers);
  if (!count && passes(count.error())) return;
  if (!count) return server_.close(id_);
  outgoing_.descriptors.clear();
  gone_ += *count;
  if (gone_ < outgoing_.body.size()) return;
  if (outgoing_.sent) std::exchange(outgoing_.sent, {})();
  const bool was_long = gone_ > long_answer;
  outgoing_ = {};
  gone_ = 0;
  if (was_long) ::malloc_trim(0);  // a keeper lives long and is seldom asked for so much
  if (last_) return server_.close(id_);
  next_request();
}

Server::Server(Loop& loop, sys::Fd socket, uid_t owner, Handler handler)
    : loop_(loop), socket_(std::move(socket)), owner_(owner), handler_(std::move(handler)) {
  listen_again();
}

Server::~Server() = default;

void Server::listen_again() {
  auto listening = loop_.watch(socket_.get(), Loop::For::Reading, [this] { accept(); });
  if (listening)
    listening_ = std::move(*listening);
  else
    pause_ = loop_.after(breath, [this] { listen_again(); });
}

void Server::accept() {
  sys::Fd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!client) {
    if (!is_scarcity(errno)) return;
    listening_ = {};
    pause_ = loop_.after(breath, [this] { listen_again(); });
    return;
  }
  const std::uint64_t id = next_id_++;
  const auto peer = sys::peer(client.get());
  if (connections_.size() >= most_connections) return turn_away(client.get());
  const auto connection = std::make_shared<Connection>(*this, id, std::move(client));
  connections_.emplace(id, connection);
  if (peer && (peer->uid == 0 || peer->uid == owner_)) return connection->read();
  if (!peer) return connection->refuse(peer.error());
  connection->refuse({"speak with the keeper", "", EPERM, "the lab belongs to another user", ""});
}

void Server::close(std::uint64_t id) {
  connections_.erase(id);
}

}  // namespace hopyard::keeper
