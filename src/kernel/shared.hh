#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

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
  Shared(sys::Fd home, std::vector<Door> doors, const Journal* journal)
      : home_(std::move(home)), doors_(std::move(doors)), journal_(journal) {}

  /// The network namespace that every thread is in between two calls.
  [[nodiscard]] int home() const { return home_.get(); }
  /// A procfs for one use more: a new instance after some.
  [[nodiscard]] Result<std::shared_ptr<const sys::Procfs>> procfs();
  /// Read once, in the namespace of the first thread that asks, which must be new.
  [[nodiscard]] Result<const Baseline*> baseline(netlink::Socket& socket);
  /// Loads a ruleset into the namespace of the calling thread.
  [[nodiscard]] Result<> run_nftables(const std::string& ruleset);
  [[nodiscard]] Result<std::string> list_rulesets();

  /// The namespaces that are there before the lab, and where it is noted what is changed in them.
  [[nodiscard]] const std::vector<Door>& doors() const { return doors_; }
  [[nodiscard]] const Journal& journal() const { return *journal_; }
  /// Interface indices for @p devices devices in a namespace that others make devices in too: even numbers
  /// from the one that is returned, and the odd ones between them, far above @p highest, the highest in use.
  [[nodiscard]] std::uint32_t reserve_indices(std::uint64_t inode, std::uint32_t highest,
                                              std::uint32_t devices);
  void name_lab(std::string name) { lab_ = std::move(name); }
  [[nodiscard]] const std::string& lab() const { return lab_; }

  /// Whether each namespace may keep its socket until it rests: two descriptors a namespace.
  void keep_sockets(bool keep) { keep_sockets_ = keep; }
  [[nodiscard]] bool keep_sockets() const { return keep_sockets_; }

 private:
  sys::Fd home_;
  std::vector<Door> doors_;
  const Journal* journal_;
  std::string lab_;  // set before the first namespace
  std::mutex indices_mutex_;
  std::map<std::uint64_t, std::uint32_t> next_index_;
  bool keep_sockets_ = true;  // set before the first namespace, read by all threads after
  std::mutex procfs_mutex_;
  std::shared_ptr<const sys::Procfs> procfs_;
  unsigned procfs_uses_ = 0;
  std::mutex baseline_mutex_;
  std::optional<Baseline> baseline_;
  /// With the mutex held.
  [[nodiscard]] Result<const Nftables*> nftables();
  std::mutex nftables_mutex_;
  std::unique_ptr<Nftables> nftables_;
};

}  // namespace hopyard::kernel
