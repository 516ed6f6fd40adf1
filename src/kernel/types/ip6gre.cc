#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>

#include "kernel/types/tunnel.hh"

namespace hopyard::kernel {

/// ip6gre and ip6gretap.
void write_ip6gre(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower) {
  write_tunnel(batch, link, lower, {IFLA_GRE_LINK, IFLA_GRE_LOCAL, IFLA_GRE_REMOTE, IFLA_GRE_TTL});
  // Without the option that limits nesting (RFC 2473), which nobody asked for and takes eight bytes.
  batch.put_u32(IFLA_GRE_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT);
  write_gre_key(batch, link);
}

}  // namespace hopyard::kernel
