#include <linux/if_link.h>

#include <array>

#include "kernel/types/types.hh"

namespace hopyard::kernel {

/// macvlan and macvtap.
void write_macvlan(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t /*lower*/) {
  constexpr std::array<std::uint32_t, net::macvlan_modes.size()> modes{
      MACVLAN_MODE_BRIDGE, MACVLAN_MODE_PRIVATE, MACVLAN_MODE_VEPA, MACVLAN_MODE_PASSTHRU};
  batch.put_u32(IFLA_MACVLAN_MODE, modes[link.mode]);
}

}  // namespace hopyard::kernel
