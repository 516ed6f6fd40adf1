#include <arpa/inet.h>
#include <linux/if_link.h>

#include "kernel/types/types.hh"

namespace hopyard::kernel {

void write_geneve(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t /*lower*/) {
  batch.put_u32(IFLA_GENEVE_ID, link.id);
  if (link.remote)
    batch.put_address(link.remote->family() == Family::V4 ? IFLA_GENEVE_REMOTE : IFLA_GENEVE_REMOTE6,
                      *link.remote);
  batch.put_u16(IFLA_GENEVE_PORT, htons(link.port));
  if (link.ttl != 0) batch.put_u8(IFLA_GENEVE_TTL, link.ttl);
}

}  // namespace hopyard::kernel
