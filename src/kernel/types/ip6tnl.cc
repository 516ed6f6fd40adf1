#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>

#include "kernel/types/tunnel.hh"

namespace hopyard::kernel {

/// RFC 2473.
void write_ip6tnl(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower) {
  write_tunnel(batch, link, lower, {IFLA_IPTUN_LINK, IFLA_IPTUN_LOCAL, IFLA_IPTUN_REMOTE, IFLA_IPTUN_TTL});
  // Without the option that limits nesting, which nobody asked for and takes eight bytes.
  batch.put_u32(IFLA_IPTUN_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT);
  batch.put_u8(IFLA_IPTUN_PROTO, 0);  // IPv4 and IPv6
}

}  // namespace hopyard::kernel
