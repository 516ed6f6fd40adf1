// Netlink replies as any bytes at all: nothing may be read beyond them, and nothing may go on for ever.
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "netlink/address.hh"
#include "netlink/link.hh"
#include "netlink/nexthop.hh"
#include "netlink/qdisc.hh"
#include "netlink/reply.hh"
#include "netlink/route.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hopyard::netlink;
  // A copy of the exact size, aligned as a receive buffer is, so that the sanitizer sees the first byte too
  // many.
  const std::vector<char> datagram(data, data + size);
  (void)read_acks(datagram);
  std::vector<char> answer;
  (void)read_dump(datagram, 0, answer);
  for (const std::span<const char> messages :
       {std::span<const char>(datagram), std::span<const char>(answer)}) {
    for_each_message(messages, [](const nlmsghdr& message) {
      (void)read_link(message);
      (void)read_address(message);
      (void)read_route(message);
      (void)read_route_notice(message);
      (void)read_nexthop_notice(message);
      (void)read_qdisc(message);
    });
  }
  return 0;
}
