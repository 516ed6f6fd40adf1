#include "kernel/real.hh"

#include <cerrno>

#include "kernel/adopted.hh"
#include "kernel/features.hh"
#include "kernel/limits.hh"
#include "kernel/real_namespace.hh"
#include "kernel/shared.hh"
#include "netlink/link.hh"
#include "sys/netns.hh"

namespace hopyard::kernel {

RealKernel::RealKernel(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
RealKernel::~RealKernel() = default;

Result<std::unique_ptr<RealKernel>> RealKernel::open(std::vector<Door> doors, const Journal* journal) {
  HOPYARD_TAKE(home, sys::current_netns());
  for (std::uint32_t i = 0; i < doors.size(); ++i) HOPYARD_TRY(journal->open(i, doors[i].place));
  return std::unique_ptr<RealKernel>(
      new RealKernel(std::make_shared<Shared>(std::move(home), std::move(doors), journal)));
}

Result<> RealKernel::prepare(const net::Desired& desired) {
  HOPYARD_TAKE(room, check_limits(desired));
  shared_->keep_sockets(room == Room::ForSockets);
  shared_->name_lab(desired.lab);
  return check_features(desired);
}

Result<std::unique_ptr<Namespace>> RealKernel::create_namespace(const net::Namespace& wanted) {
  if (wanted.adopted.empty()) return RealNamespace::create(shared_);
  const auto& doors = shared_->doors();
  for (std::uint32_t i = 0; i < doors.size(); ++i)
    if (doors[i].place.of == wanted.adopted)
      return AdoptedNamespace::adopt(shared_, {doors[i].netns, doors[i].place, i}, wanted);
  return failure("enter", wanted.adopted, ENOENT);
}

}  // namespace hopyard::kernel
