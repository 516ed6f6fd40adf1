#include "sys/offload.hh"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "sys/fd.hh"

namespace hopyard::sys {

Result<> stop_checksum_offload(const std::string& device) {
  const Fd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!any) return failure("open a socket", "", errno);
  ethtool_value off{};
  off.cmd = ETHTOOL_STXCSUM;
  ifreq request{};
  std::copy_n(device.begin(), std::min<std::size_t>(device.size(), IFNAMSIZ - 1), request.ifr_name);
  request.ifr_data = reinterpret_cast<char*>(&off);
  if (::ioctl(any.get(), SIOCETHTOOL, &request) != 0)
    return failure("turn off checksum offload of", device, errno);
  return {};
}

}  // namespace hopyard::sys
