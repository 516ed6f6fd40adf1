#include <arpa/inet.h>
#include <linux/if_link.h>

#include "kernel/types/types.hh"

namespace hopyard::kernel {
namespace {

void put(netlink::Batch& batch, const std::optional<IpAddress>& address, std::uint16_t v4, std::uint16_t v6) {
  if (address) batch.put_address(address->family() == Family::V4 ? v4 : v6, *address);
}

}  // namespace

void write_vxlan(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower) {
  batch.put_u32(IFLA_VXLAN_ID, link.id);
  if (lower != 0) batch.put_u32(IFLA_VXLAN_LINK, lower);
  put(batch, link.local, IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6);
  put(batch, link.remote, IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6);
  batch.put_u16(IFLA_VXLAN_PORT, htons(link.port));
  if (link.keeps_port) {
    // From the lowest on, and below the highest (udp_flow_src_port).
    const ifla_vxlan_port_range one{htons(link.port), htons(static_cast<std::uint16_t>(link.port + 1))};
    batch.put(IFLA_VXLAN_PORT_RANGE, &one, sizeof one);
  }
  if (link.ttl != 0) batch.put_u8(IFLA_VXLAN_TTL, link.ttl);
}

}  // namespace hopyard::kernel
