#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "kernel/baseline.hh"
#include "kernel/nftables.hh"
#include "kernel/real.hh"
#include "sys/fd.hh"
#include "sys/netns.hh"
#include "sys/procfs.hh"

namespace hopyard::kernel {

/// What the namespaces of one RealKernel have in common. For several threads at once.
class RealKernel::Shared {
 public:
  explicit Shared(sys::Fd home) : home_(std::move(home)) {}

  /// The network namespace that every thread is in between two calls.
  [[nodiscard]] int home() const { return home_.get(); }
  /// A procfs for one use more: a new instance after some.
  [[nodiscard]] Result<std::shared_ptr<const sys::Procfs>> procfs();
  /// Read once, in the namespace of the first thread that asks, which must be new.
  [[nodiscard]] Result<const Baseline*> baseline(netlink::Socket& socket);
  /// Loads a ruleset into the namespace of the calling thread.
  [[nodiscard]] Result<> run_nftables(const std::string& ruleset);

  /// Whether each namespace may keep its socket until it rests: two descriptors a namespace.
  void keep_sockets(bool keep) { keep_sockets_ = keep; }
  [[nodiscard]] bool keep_sockets() const { return keep_sockets_; }

 private:
  sys::Fd home_;
  bool keep_sockets_ = true;  // set before the first namespace, read by all threads after
  std::mutex procfs_mutex_;
  std::shared_ptr<const sys::Procfs> procfs_;
  unsigned procfs_uses_ = 0;
  std::mutex baseline_mutex_;
  std::optional<Baseline> baseline_;
  std::mutex nftables_mutex_;
  std::unique_ptr<Nftables> nftables_;
};

}  // namespace hopyard::kernel
