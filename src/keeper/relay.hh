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
/// in, the status goes out. A command that leads its own group is a job of the session as others are: its
/// parent, in the caller's group, is there to see it stop. When the caller goes, it goes, and the command
/// gets SIGHUP.
class Relay {
 public:
  struct Plan {
    const Entry& entry;
    std::span<const std::string> arguments;
    StandardFiles files;
    bool own_group = false;                 ///< the command leads a process group of its own
    bool own_terminal = false;              ///< and that has the terminal
    sigset_t mask;                          ///< of signals, for the command
    std::optional<rlimit> open_files = {};  ///< its limit of open files; nothing: the caller's
  };
  /// What has become of the command.
  struct Report {
    int status = 0;             ///< as of waitpid(2); it stopped only where it leads a group of its own
    bool has_terminal = false;  ///< the group in front of the terminal is one of the node's
  };
  [[nodiscard]] static Result<Relay> start(const Plan& plan);

  /// Readable when there is a report.
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  /// Sends the command a signal.
  void pass(int signal) const;
  /// Sends it to all of the command's own group.
  void pass_to_group(int signal) const;
  /// Gives the terminal to the command's own group.
  void give_terminal() const;
  /// Makes an orphan of the command's own group (setpgid(2)), as the caller's is that nobody would continue:
  /// it gets SIGHUP and SIGCONT, and then errors where the terminal would stop it.
  void orphan() const;
  /// What has become of the command; as after SIGKILL when the node has ended. The error is that of
  /// recvmsg(2).
  [[nodiscard]] Result<Report> read_report() const;

 private:
  explicit Relay(sys::Fd socket) : socket_(std::move(socket)) {}
  void send(unsigned char message) const;
  sys::Fd socket_;
};

/// The signals that are passed on to the command.
[[nodiscard]] sigset_t passed_signals();
/// Takes what has come to @p signals, a signalfd, and calls @p use with each, and whether a process sent it
/// and not the terminal.
void take_signals(int signals, const std::function<void(int number, bool sent)>& use);

}  // namespace hopyard::keeper
