#pragma once

#include <cstdint>

#include "base/error.hh"

namespace hopyard::sys {

/// Raises the number of files this process may have open to the hard limit and returns it (getrlimit(2),
/// RLIMIT_NOFILE).
[[nodiscard]] Result<std::uint64_t> raise_open_files_limit();

/// How many files this process has open now.
[[nodiscard]] Result<std::uint64_t> open_files();

}  // namespace hopyard::sys
