#pragma once

#include <memory>
#include <vector>

#include "kernel/journal.hh"
#include "kernel/kernel.hh"

namespace hopyard::kernel {

/// The running kernel. Its threads have to be in the network namespace that open() was called in whenever
/// they call, and are there again when the call returns.
class RealKernel final : public Kernel {
 public:
  /// A namespace that is there before the lab.
  struct Door {
    Place place;
    int netns;  ///< stays the caller's, and outlives what the kernel makes
  };
  /// Needs /proc.
  /// @param doors one for each name in net::Namespace::adopted. @param journal where changes in them are
  /// noted; may be null when there are none.
  [[nodiscard]] static Result<std::unique_ptr<RealKernel>> open(std::vector<Door> doors = {},
                                                                const Journal* journal = nullptr);
  ~RealKernel() override;
  RealKernel(const RealKernel&) = delete;
  RealKernel& operator=(const RealKernel&) = delete;

  /// check_limits() and check_features() (limits.hh, features.hh).
  [[nodiscard]] Result<> prepare(const net::Desired& desired) override;
  /// The namespaces may outlive the kernel.
  [[nodiscard]] Result<std::unique_ptr<Namespace>> create_namespace(const net::Namespace& wanted) override;

  class Shared;  ///< what all of its namespaces use

 private:
  explicit RealKernel(std::shared_ptr<Shared> shared);
  std::shared_ptr<Shared> shared_;
};

}  // namespace hopyard::kernel
