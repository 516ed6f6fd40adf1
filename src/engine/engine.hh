#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "base/error.hh"
#include "kernel/kernel.hh"
#include "net/desired.hh"
#include "plan/plan.hh"

namespace hopyard::engine {

struct Progress {
  std::size_t nodes_done = 0;
  std::size_t links_done = 0;
};

struct Options {
  unsigned threads = 0;                           ///< 0: as many as pay on this machine
  std::function<void(const Progress&)> progress;  ///< called from one thread only, now and then; may be empty
  const std::atomic<bool>* cancelled =
      nullptr;  ///< when it turns true, build stops with an error and undoes what it made
};

/// The namespaces of a lab that stands, in the order of Desired::namespaces. Their life is the life of these
/// handles.
using Namespaces = std::vector<std::unique_ptr<kernel::Namespace>>;

/// Runs the whole plan. On failure everything that was made is gone again and the error names the operation.
[[nodiscard]] Result<Namespaces> build(const plan::Plan& plan, const net::Desired& desired,
                                       kernel::Kernel& kernel, const Options& options);

/// Runs a few operations on a lab that stands (`set`, `heal`); stops at the first that fails.
[[nodiscard]] Result<> run(std::span<const plan::Operation> operations, const net::Desired& desired,
                           kernel::Kernel& kernel, Namespaces& namespaces);

}  // namespace hopyard::engine
