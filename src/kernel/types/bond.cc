#include <linux/if_bonding.h>
#include <linux/if_link.h>

#include "kernel/types/types.hh"

namespace hopyard::kernel {

void write_bond(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t /*lower*/) {
  batch.put_u8(IFLA_BOND_MODE, link.mode);  // net::bond_modes are in the order of BOND_MODE_…
  batch.put_u32(IFLA_BOND_MIIMON, static_cast<std::uint32_t>(link.miimon.count()));
  // Partners find each other in a second instead of thirty.
  if (link.mode == BOND_MODE_8023AD) batch.put_u8(IFLA_BOND_AD_LACP_RATE, 1);
}

}  // namespace hopyard::kernel
