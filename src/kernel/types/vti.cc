#include <arpa/inet.h>
#include <linux/if_tunnel.h>

#include "kernel/types/types.hh"

namespace hopyard::kernel {

void write_vti(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower) {
  if (lower != 0) batch.put_u32(IFLA_VTI_LINK, lower);
  if (link.local) batch.put_address(IFLA_VTI_LOCAL, *link.local);
  if (link.remote) batch.put_address(IFLA_VTI_REMOTE, *link.remote);
  batch.put_u32(IFLA_VTI_IKEY, htonl(link.key.value_or(0)));
  batch.put_u32(IFLA_VTI_OKEY, htonl(link.key.value_or(0)));
}

}  // namespace hopyard::kernel
