#include <linux/if_link.h>

#include "kernel/types/types.hh"

namespace hopyard::kernel {

void write_vlan(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t /*lower*/) {
  batch.put_u16(IFLA_VLAN_ID, static_cast<std::uint16_t>(link.id));
}

}  // namespace hopyard::kernel
