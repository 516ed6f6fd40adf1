#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hh"
#include "keeper/loop.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// An answer: a body, and descriptors that go with it.
struct Answer {
  std::string body;
  std::vector<sys::Fd> descriptors = {};  ///< at most sys::max_descriptors
  std::function<void()> sent = {};        ///< called when it is on its way, or can never be
};

/// The one that a request which is only done, or not, gets: its error, or nothing more than that it was done.
[[nodiscard]] Answer outcome(const Result<>& result);

/// Takes an answer, now or later; once.
class Reply {
 public:
  /// @param give takes it. @param awaited whether somebody still waits for it; empty: always.
  template <class Give>
  Reply(Give give, std::function<bool()> awaited = {})  // NOLINT(google-explicit-constructor)
      : give_(std::move(give)), awaited_(std::move(awaited)) {}
  void operator()(Answer answer) const { give_(std::move(answer)); }
  /// For what takes long: false once the client has gone.
  [[nodiscard]] bool awaited() const { return !awaited_ || awaited_(); }

 private:
  std::function<void(Answer)> give_;
  std::function<bool()> awaited_;
};

/// Speaks with clients. Any number at a time; one that is slow, silent or rude concerns itself alone.
class Server {
 public:
  /// What to do with a request's body.
  using Handler = std::function<void(const std::string& request, Reply reply)>;

  /// @param socket listens and does not wait. @param owner besides root, who may ask. @param loop, @param
  /// handler outlive the server.
  Server(Loop& loop, sys::Fd socket, uid_t owner, Handler handler);
  ~Server();

 private:
  class Connection;
  void accept();
  void close(std::uint64_t id);
  void listen_again();

  Loop& loop_;
  sys::Fd socket_;
  uid_t owner_;
  Handler handler_;
  std::uint64_t next_id_ = 0;
  std::map<std::uint64_t, std::shared_ptr<Connection>> connections_;
  Loop::Watch listening_;
  Loop::Watch pause_;
};

}  // namespace hopyard::keeper
