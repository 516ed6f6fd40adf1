#include "sys/packet_socket.hh"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cerrno>

namespace hopyard::sys {

Result<Fd> packet_socket(const std::string& device, std::span<const sock_filter> filter) {
  // Of protocol 0 it hears nothing yet: nothing that the filter has not seen.
  Fd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return failure("open a packet socket", device, errno);
  const sock_fprog program{static_cast<unsigned short>(filter.size()),
                           const_cast<sock_filter*>(filter.data())};
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    return failure("filter what is heard of", device, errno);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(::if_nametoindex(device.c_str()));
  if (address.sll_ifindex == 0) return failure("listen at", device, errno);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return failure("listen at", device, errno);
  return socket;
}

Result<std::size_t> receive_frame(int socket, std::span<char> room) {
  ssize_t count = 0;
  do {
    count = ::recv(socket, room.data(), room.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return failure("receive", "", errno);
  return static_cast<std::size_t>(count);
}

}  // namespace hopyard::sys
