#include <linux/if_tunnel.h>
#include <netinet/in.h>

#include "kernel/types/tunnel.hh"

namespace hopyard::kernel {

/// RFC 2003.
void write_ipip(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower) {
  write_tunnel(batch, link, lower, {IFLA_IPTUN_LINK, IFLA_IPTUN_LOCAL, IFLA_IPTUN_REMOTE, IFLA_IPTUN_TTL});
  batch.put_u8(IFLA_IPTUN_PROTO, IPPROTO_IPIP);
}

}  // namespace hopyard::kernel
