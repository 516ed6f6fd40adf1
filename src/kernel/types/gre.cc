#include <arpa/inet.h>
#include <linux/if_tunnel.h>

#include "kernel/types/tunnel.hh"

namespace hopyard::kernel {

/// gre and gretap (RFC 2784).
void write_gre(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower) {
  write_tunnel(batch, link, lower, {IFLA_GRE_LINK, IFLA_GRE_LOCAL, IFLA_GRE_REMOTE, IFLA_GRE_TTL});
  write_gre_key(batch, link);
}

void write_gre_key(netlink::Batch& batch, const net::LinkSettings& link) {
  if (!link.key) return;
  const std::uint16_t flags = GRE_KEY;  // in network order already
  batch.put_u16(IFLA_GRE_IFLAGS, flags);
  batch.put_u16(IFLA_GRE_OFLAGS, flags);
  batch.put_u32(IFLA_GRE_IKEY, htonl(*link.key));
  batch.put_u32(IFLA_GRE_OKEY, htonl(*link.key));
}

}  // namespace hopyard::kernel
