#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/registry.hh"
#include "net/desired.hh"
#include "plan/plan.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

struct StartProgress {
  std::size_t nodes_done = 0;
  std::size_t links_done = 0;
  std::vector<std::string> waiting_for;  ///< nodes that are not ready yet, once all else is in place
};

struct StartOptions {
  std::string file;                                    ///< the lab file's absolute path, for `show` and `ls`
  std::optional<std::chrono::milliseconds> timeout;    ///< nothing: as long as it takes
  std::function<void(const StartProgress&)> progress;  ///< may be empty
  int* interrupted = nullptr;                          ///< set to the signal that ended the start, if one did
};

/// A lab that stands.
struct Started {
  std::string lab;
  pid_t keeper = 0;                   ///< as this process counts; its child
  sys::Fd pidfd;                      ///< readable when the lab has ended
  std::vector<std::string> warnings;  ///< of nodes' commands that failed
};

/// Starts the keeper of a new lab and waits until everything is in place. While it waits, SIGINT, SIGTERM and
/// SIGHUP end the start instead of the process. When it fails, for whatever reason, nothing is left. To be
/// called from a process of one thread. The plan was made from @p desired.
[[nodiscard]] Result<Started> start(const Registry& registry, net::Desired&& desired, plan::Plan&& plan,
                                    const StartOptions& options);

}  // namespace hopyard::keeper
