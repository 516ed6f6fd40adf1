#pragma once

#include <signal.h>
#include <sys/resource.h>

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/error.hh"
#include "keeper/client.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// The relays' name among processes (prctl(2), PR_SET_NAME).
inline constexpr const char* relay_name = "hopyard-relay";

/// Where a command's standard input, output and error go; -1 for the caller's own.
struct StandardFiles {
  int in = -1;
  int out = -1;
  int err = -1;
};

/// A process that stands in a node between the caller and the command. A process whose parent is outside of
/// its pid namespace keeps that from ending until the parent has seen to it: a `hopyard exec` that is
/// stopped, or was killed where nobody reaps, would so keep a whole lab from ending. So the command's parent
/// is a relay whose own parent is the node's init, and that speaks with the caller by a socket: signals come
/// in, the status goes out. When the caller goes, it goes, and the command gets SIGHUP.
class Relay {
 public:
  struct Plan {
    const Entry& entry;
    std::span<const std::string> arguments;
    StandardFiles files;
    bool own_terminal = false;
    sigset_t mask;                          ///< of signals, for the command
    std::optional<rlimit> open_files = {};  ///< its limit of open files; nothing: the caller's
  };
  [[nodiscard]] static Result<Relay> start(const Plan& plan);

  /// Readable when the command has ended, or all of the node.
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  /// Sends the command a signal.
  void pass(int signal) const;
  /// What waitpid(2) said of the command; as after SIGKILL when the node has ended. The error is that of
  /// recvmsg(2).
  [[nodiscard]] Result<int> read_status() const;

 private:
  explicit Relay(sys::Fd socket) : socket_(std::move(socket)) {}
  sys::Fd socket_;
};

/// The signals that are passed on to the command.
[[nodiscard]] sigset_t passed_signals();
/// Takes what has come to @p signals, a signalfd of those, and calls @p pass with each that a process sent.
/// Those of the terminal's keys the command has got by itself.
void take_signals(int signals, const std::function<void(int)>& pass);

}  // namespace hopyard::keeper
