#include <linux/if_link.h>

#include "kernel/types/types.hh"

namespace hopyard::kernel {

void write_vrf(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t /*lower*/) {
  batch.put_u32(IFLA_VRF_TABLE, link.id);
}

}  // namespace hopyard::kernel
