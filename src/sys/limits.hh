#pragma once

#include <sys/resource.h>

#include <cstdint>

#include "base/error.hh"

namespace hopyard::sys {

/// Raises the number of files this process may have open to the hard limit and returns it (getrlimit(2),
/// RLIMIT_NOFILE).
[[nodiscard]] Result<std::uint64_t> raise_open_files_limit();

/// While it lives, this process may have as many files open as the hard limit allows; then as many as before.
/// Where that cannot be had all stays as it is.
class RaisedOpenFiles {
 public:
  RaisedOpenFiles();
  RaisedOpenFiles(const RaisedOpenFiles&) = delete;
  RaisedOpenFiles& operator=(const RaisedOpenFiles&) = delete;
  ~RaisedOpenFiles();
  /// The limit from before: what a child that runs another program is given.
  [[nodiscard]] const rlimit& before() const { return before_; }

 private:
  rlimit before_{};
};

/// How many files this process has open now.
[[nodiscard]] Result<std::uint64_t> open_files();

}  // namespace hopyard::sys
