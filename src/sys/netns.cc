#include "sys/netns.hh"

#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace hopyard::sys {

Result<Fd> current_netns() {
  Fd fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!fd) return failure("open the network namespace of this thread", "/proc/thread-self/ns/net", errno);
  return fd;
}

Result<> unshare_netns() {
  if (::unshare(CLONE_NEWNET) != 0) {
    const int code = errno;
    return failure("create a network namespace", "", code, "",
                   code == EPERM    ? "run as root"
                   : code == ENOSPC ? "raise user.max_net_namespaces"
                                    : "");
  }
  return {};
}

Result<> enter_netns(int netns) {
  if (::setns(netns, CLONE_NEWNET) != 0) return failure("enter a network namespace", "", errno);
  return {};
}

Result<Fd> netns_of_socket(int socket) {
  Fd fd(::ioctl(socket, SIOCGSKNS));
  if (!fd) return failure("open the network namespace of a socket", "", errno);
  return fd;
}

Result<InsideNetns> InsideNetns::enter(int netns, int home) {
  HOPYARD_TRY(enter_netns(netns));
  return InsideNetns(home);
}

InsideNetns::InsideNetns(InsideNetns&& other) noexcept : home_(std::exchange(other.home_, -1)) {}

InsideNetns::~InsideNetns() {
  if (home_ < 0 || ::setns(home_, CLONE_NEWNET) == 0) return;
  // All that this thread did from here on would be done to somebody else's network.
  ::dprintf(STDERR_FILENO, "hopyard: leave a network namespace: %s\n", std::strerror(errno));
  std::abort();
}

}  // namespace hopyard::sys
