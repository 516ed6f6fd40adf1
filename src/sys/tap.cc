#include "sys/tap.hh"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

#include "sys/fd.hh"

namespace hopyard::sys {
namespace {

Result<Fd> open_tun() {
  Fd tun(::open("/dev/net/tun", O_RDWR | O_CLOEXEC));
  if (!tun) return failure("open", "/dev/net/tun", errno);
  return tun;
}

}  // namespace

Result<> check_tun() {
  HOPYARD_TAKE(tun, open_tun());
  return {};
}

Result<> create_tun(const NewTun& wanted) {
  HOPYARD_TAKE(tun, open_tun());
  const int device = tun.get();
  const char* doing = wanted.frames ? "create tap" : "create tun";
  ifreq request{};
  std::copy_n(wanted.name.begin(), std::min<std::size_t>(wanted.name.size(), IFNAMSIZ - 1), request.ifr_name);
  request.ifr_flags = static_cast<short>((wanted.frames ? IFF_TAP : IFF_TUN) | IFF_NO_PI);
  if (wanted.offload) request.ifr_flags |= IFF_VNET_HDR;
  if (wanted.many_queues) request.ifr_flags |= IFF_MULTI_QUEUE;
  if (::ioctl(device, TUNSETIFINDEX, &wanted.index) != 0 || ::ioctl(device, TUNSETIFF, &request) != 0 ||
      (wanted.owner && ::ioctl(device, TUNSETOWNER, static_cast<unsigned long>(*wanted.owner)) != 0) ||
      (wanted.group && ::ioctl(device, TUNSETGROUP, static_cast<unsigned long>(*wanted.group)) != 0) ||
      ::ioctl(device, TUNSETPERSIST, 1) != 0)
    return failure(doing, wanted.name, errno);
  return {};
}

}  // namespace hopyard::sys
