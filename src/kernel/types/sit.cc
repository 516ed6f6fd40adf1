#include <linux/if_tunnel.h>

#include "kernel/types/tunnel.hh"

namespace hopyard::kernel {

/// RFC 4213.
void write_sit(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower) {
  write_tunnel(batch, link, lower, {IFLA_IPTUN_LINK, IFLA_IPTUN_LOCAL, IFLA_IPTUN_REMOTE, IFLA_IPTUN_TTL});
  batch.put_u8(IFLA_IPTUN_PROTO, 0);  // whatever it is given: IPv6, and IPv4 for a lab that has no other
}

}  // namespace hopyard::kernel
