#include "kernel/shared.hh"

#include <algorithm>
#include <utility>

#include "base/hash.hh"

namespace hopyard::kernel {
namespace {

// With more namespaces the names of one instance crowd its hash chains, with fewer the instances themselves
// cost more.
constexpr unsigned uses_per_procfs = 200;

}  // namespace

Result<std::shared_ptr<const sys::Procfs>> RealKernel::Shared::procfs() {
  const std::lock_guard lock(procfs_mutex_);
  if (!procfs_ || procfs_uses_ >= uses_per_procfs) {
    HOPYARD_TAKE(opened, sys::Procfs::open());
    procfs_ = std::make_shared<const sys::Procfs>(std::move(opened));
    procfs_uses_ = 0;
  }
  ++procfs_uses_;
  return procfs_;
}

Result<const Baseline*> RealKernel::Shared::baseline(netlink::Socket& socket) {
  const std::lock_guard lock(baseline_mutex_);
  if (!baseline_) {
    HOPYARD_TAKE(instance, procfs());
    HOPYARD_TAKE(read, read_baseline(*instance, socket));
    baseline_ = std::move(read);
  }
  return &*baseline_;
}

std::uint32_t RealKernel::Shared::reserve_indices(std::uint64_t inode, std::uint32_t highest,
                                                  std::uint32_t devices) {
  // Above what any namespace of the lab's own has, so that the two ends of a pair never have the same.
  constexpr std::uint32_t lowest = 1U << 20U;
  constexpr std::uint32_t highest_start = 1U << 30U;
  constexpr std::uint32_t distance = 1000;
  const std::lock_guard lock(indices_mutex_);
  std::uint32_t& next = next_index_[inode];
  // Another lab may be about to begin here too, and begins elsewhere.
  if (next == 0) {
    Hash hash;
    hash.add(lab_);
    const auto start = static_cast<std::uint32_t>(lowest + hash.value() % (highest_start - lowest)) & ~1U;
    next = start > highest ? start : (highest + distance) & ~1U;
  }
  return std::exchange(next, next + 2 * devices);
}

Result<> RealKernel::Shared::run_nftables(const std::string& ruleset) {
  const std::lock_guard lock(nftables_mutex_);
  HOPYARD_TAKE(library, nftables());
  return library->run(ruleset);
}

Result<std::string> RealKernel::Shared::list_rulesets() {
  const std::lock_guard lock(nftables_mutex_);
  HOPYARD_TAKE(library, nftables());
  return library->list();
}

Result<const Nftables*> RealKernel::Shared::nftables() {
  if (!nftables_) {
    HOPYARD_TAKE(loaded, Nftables::load());
    nftables_ = std::move(loaded);
  }
  return nftables_.get();
}

}  // namespace hopyard::kernel
