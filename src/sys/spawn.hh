#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"

namespace hopyard::sys {

/// What a program that has ended left.
struct Ran {
  int status = 0;      ///< as a shell shows it: see exit_status()
  std::string output;  ///< standard output and standard error, in the order of writing
};

/// Runs a program and waits for its end (posix_spawnp(3)). It finds @p input on standard input, as a file
/// that can be opened as /dev/stdin. ENOENT when there is no such program.
/// @param words its name or path, and its arguments.
[[nodiscard]] Result<Ran> run(const std::vector<std::string>& words, std::string_view input);

}  // namespace hopyard::sys
