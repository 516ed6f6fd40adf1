#include <linux/if_link.h>

#include "kernel/types/types.hh"

namespace hopyard::kernel {

void write_ipvlan(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t /*lower*/) {
  batch.put_u16(IFLA_IPVLAN_MODE, link.mode);  // net::ipvlan_modes are in the order of ipvlan_mode
}

}  // namespace hopyard::kernel
