#pragma once

#include <string>

#include "sys/fd.hh"

namespace hopyard::keeper {

/// @return the first of the three standard files that is a terminal, or -1.
[[nodiscard]] int standard_terminal();

/// The caller's terminal with a name inside a node. Its device lies in the caller's /dev/pts, which a node
/// does not see: without a name there, ttyname(3) fails, and with it tmux, screen, gpg and tty. What is not
/// to be had (the caller has no right to mount) is done without: the terminal works all the same, and has no
/// name.
class Terminal {
 public:
  /// Holds the terminal among the standard files, if one is; in the caller's namespaces.
  [[nodiscard]] static Terminal of_caller();

  /// Shows it in the /dev of the node that the process has entered, and opens the standard files anew by that
  /// name.
  void appear();
  /// Takes the name away; whoever has the terminal open keeps it.
  void vanish();

 private:
  sys::Fd mount_;
  std::string name_;
};

}  // namespace hopyard::keeper
