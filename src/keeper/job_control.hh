#pragma once

#include <sys/types.h>

#include "keeper/relay.hh"

namespace hopyard::keeper {

/// What a client does for the shell that started it, so that a command which leads a process group of its own
/// is as one job with the client: it has the terminal when the client's job is in front, the client stops
/// when the command does, and the terminal is given back.
class JobControl {
 public:
  /// @param always the command is to lead a process group whatever the client was started by. Else it does
  /// when the client is a job by itself: it leads its group, and standard input, output and error are the
  /// terminal of its session. Whoever else is in the client's group (a pipeline, a script) shares the
  /// terminal and its keys with the command, so that must stay in the group.
  explicit JobControl(bool always);

  [[nodiscard]] bool own_group() const { return own_group_; }
  /// Whether the client's job was in front when it started or was last continued, and has not stopped since:
  /// then the terminal that the command has is to be given back.
  [[nodiscard]] bool in_front() const { return in_front_; }
  /// The signals that the client has to take (take_signals()).
  [[nodiscard]] sigset_t signals() const;

  /// Does what signal @p number asks for, other than to end the client.
  /// @param sent by a process, and not by the terminal.
  void signalled(int number, bool sent, const Relay& relay);
  /// The command has stopped: stops the client's group, too, unless all that it lacks is the terminal that
  /// the client has.
  void stopped(const Relay::Report& report, const Relay& relay);
  /// The command has ended: gives the terminal back.
  void ended(const Relay::Report& report) const;

 private:
  [[nodiscard]] bool has_terminal() const;
  void resume(const Relay& relay);
  void take_back(const Relay::Report& report) const;

  int terminal_;
  bool own_group_;
  bool in_front_;
};

}  // namespace hopyard::keeper
