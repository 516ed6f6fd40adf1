#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hh"
#include "keeper/root.hh"
#include "net/desired.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// What makes a machine out of a node's network namespace. Refers to the caller's values, which are needed
/// for the call alone.
struct MachinePlan {
  const net::Namespace& node;
  std::uint32_t number;  ///< of the namespace
  int netns;             ///< descriptor of the network namespace
  const HostView& host;
  std::vector<int> cgroups;  ///< files to write "0" to
  std::string lab;
  bool merges_memory;  ///< of all its processes
  bool run_commands;   ///< start Machine::run and Machine::services of the node, and wait for Machine::ready
};

/// The pid namespace of a node, by its init. A machine ends when its init does, with every process in it.
struct Machine {
  pid_t pid = 0;   ///< of the init, as the keeper counts
  sys::Fd pidfd;   ///< readable when the machine has ended
  sys::Fd report;  ///< frames of the init, docs/keeper.md; and orders to it, if it has services

  /// Starts the init, which then makes itself its file system, hostname and devices, and reports. Does not
  /// wait for it.
  [[nodiscard]] static Result<Machine> begin(const MachinePlan& plan);
};

/// The hostname that the node was given, or its name.
[[nodiscard]] inline const std::string& hostname_of(const net::Namespace& node) {
  return node.machine.hostname.empty() ? node.name : node.machine.hostname;
}

}  // namespace hopyard::keeper
