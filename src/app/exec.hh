#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/client.hh"
#include "keeper/enter.hh"
#include "keeper/registry.hh"

namespace hopyard::app {

struct WhichNodes {
  std::string lab;                 ///< empty for the only one that runs
  std::vector<std::string> nodes;  ///< "NODE" or "LAB/NODE"; said twice is meant once
  bool all = false;                ///< every node of the lab
};

/// The ways into the nodes that are meant, in the order in which they were said, or of the lab file for all.
[[nodiscard]] Result<std::vector<keeper::Entry>> enter(const keeper::Registry& registry,
                                                       const WhichNodes& which);

/// Runs @p command in one node as if it had been started there; its status, as keeper::run_in() has it.
[[nodiscard]] Result<int> exec(const keeper::Entry& entry, std::span<const std::string> command);

/// Runs @p command in several nodes side by side; each line that they write goes to @p line as it comes.
/// Statuses in the order of entries.
[[nodiscard]] Result<std::vector<int>> exec_all(
    std::span<const keeper::Entry> entries, std::span<const std::string> command,
    const std::function<void(const keeper::Entry& entry, keeper::Stream stream, std::string_view line)>&
        line);

/// A login shell in the node, with the terminal.
[[nodiscard]] Result<int> shell(const keeper::Entry& entry);

/// The first status that is not 0, in order; 0 if there is none.
[[nodiscard]] int first_failure(std::span<const int> statuses);

}  // namespace hopyard::app
