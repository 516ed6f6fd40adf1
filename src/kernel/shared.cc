#include "kernel/shared.hh"

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

Result<> RealKernel::Shared::run_nftables(const std::string& ruleset) {
  const std::lock_guard lock(nftables_mutex_);
  if (!nftables_) {
    HOPYARD_TAKE(loaded, Nftables::load());
    nftables_ = std::move(loaded);
  }
  return nftables_->run(ruleset);
}

}  // namespace hopyard::kernel
