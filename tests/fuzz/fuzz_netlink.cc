// Netlink replies, and echo replies, as any bytes at all: nothing may be read beyond them, and nothing may go
// on for ever.
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "netlink/address.hh"
#include "netlink/chain.hh"
#include "netlink/generic.hh"
#include "netlink/link.hh"
#include "netlink/neighbour.hh"
#include "netlink/nexthop.hh"
#include "netlink/nsid.hh"
#include "netlink/qdisc.hh"
#include "netlink/reply.hh"
#include "netlink/route.hh"
#include "observe/echo.hh"

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
      (void)read_rule(message);
      (void)read_permanent_neighbour(message);
      (void)read_nsid(message);
      (void)read_chain(message);
      (void)read_family(message);
    });
  }
  // What comes to a raw socket is anybody's, too.
  const std::span<const unsigned char> packet(data, size);
  (void)hopyard::observe::answered_number(hopyard::Family::V4, packet, 1);
  (void)hopyard::observe::answered_number(hopyard::Family::V6, packet, 1);
  return 0;
}
