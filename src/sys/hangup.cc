#include "sys/hangup.hh"

#include <poll.h>

namespace hopyard::sys {

bool has_hung_up(int socket) {
  pollfd one{socket, 0, 0};
  return ::poll(&one, 1, 0) == 1 && (one.revents & (POLLHUP | POLLERR)) != 0;
}

}  // namespace hopyard::sys
