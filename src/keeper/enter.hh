#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "keeper/client.hh"

namespace hopyard::keeper {

struct RunOptions {
  bool mirror_signal =
      false;  ///< when a signal ends the command, end this process by the same one, as a shell expects
  bool own_terminal = false;  ///< the command leads a process group of its own whatever started this process,
                              ///< and that gets the terminal when this process's group is in front: for a
                              ///< shell
};

/// Runs a command in a node and waits for its end. Standard input, output and error, the terminal and the
/// caller's folder (where the node has one of that name) are the command's own; SIGINT, SIGTERM, SIGHUP,
/// SIGQUIT, SIGUSR1 and SIGUSR2 that are sent to this process go on to it, and it gets SIGHUP when this
/// process ends first. When this process is a job of a shell by itself (JobControl), the command is so, too.
/// From its namespaces' view its parent is not outside, so that the lab can end even
/// while this process is stopped.
/// @return the command's exit status; 128 and the number of the signal that ended it; 127 when there is no
/// such command, 126 when it cannot be run (said on standard error).
[[nodiscard]] Result<int> run_in(const Entry& entry, std::span<const std::string> arguments,
                                 const RunOptions& options = {});

/// The login shell of a node, bash or else sh: what run_in() is to be called with, with
/// RunOptions::own_terminal. Shows the node's name in its prompt.
[[nodiscard]] std::vector<std::string> shell_of(const Entry& entry);

/// Where a line of a command's output came from.
enum class Stream : std::uint8_t { Output, Error };

/// Runs a command in several nodes at the same time, with nothing on its standard input.
/// @param line called for each line of output, without its line break, as it comes.
/// @return for each entry what run_in() would.
[[nodiscard]] Result<std::vector<int>> run_in_many(
    std::span<const Entry> entries, std::span<const std::string> arguments,
    const std::function<void(const Entry& entry, Stream stream, std::string_view line)>& line);

}  // namespace hopyard::keeper
