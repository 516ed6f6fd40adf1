#pragma once

#include <cstdint>

#include "kernel/types/types.hh"

namespace hopyard::kernel {

/// The attributes of one type of tunnel for what all have.
struct TunnelAttributes {
  std::uint16_t link;
  std::uint16_t local;
  std::uint16_t remote;
  std::uint16_t ttl;
};

/// Outer addresses, the interface that outer packets leave by, and their TTL; 64 when none is given, so that
/// the tunnel is one hop, whatever the packets within have left.
inline void write_tunnel(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower,
                         const TunnelAttributes& attributes) {
  if (lower != 0) batch.put_u32(attributes.link, lower);
  if (link.local) batch.put_address(attributes.local, *link.local);
  if (link.remote) batch.put_address(attributes.remote, *link.remote);
  batch.put_u8(attributes.ttl, link.ttl != 0 ? link.ttl : 64);
}

/// The key of GRE, both ways (RFC 2890).
void write_gre_key(netlink::Batch& batch, const net::LinkSettings& link);

}  // namespace hopyard::kernel
