#include "kernel/real.hh"

#include "kernel/features.hh"
#include "kernel/limits.hh"
#include "kernel/real_namespace.hh"
#include "kernel/shared.hh"
#include "netlink/link.hh"
#include "sys/netns.hh"

namespace hopyard::kernel {

RealKernel::RealKernel(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
RealKernel::~RealKernel() = default;

Result<std::unique_ptr<RealKernel>> RealKernel::open() {
  HOPYARD_TAKE(home, sys::current_netns());
  return std::unique_ptr<RealKernel>(new RealKernel(std::make_shared<Shared>(std::move(home))));
}

Result<> RealKernel::prepare(const net::Desired& desired) {
  HOPYARD_TAKE(room, check_limits(desired));
  shared_->keep_sockets(room == Room::ForSockets);
  return check_features(desired);
}

Result<std::unique_ptr<Namespace>> RealKernel::create_namespace(const net::Namespace&) {
  return RealNamespace::create(shared_);
}

}  // namespace hopyard::kernel
