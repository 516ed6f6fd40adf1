#include <arpa/inet.h>
#include <linux/wireguard.h>
#include <netinet/in.h>

#include <cstring>

#include "kernel/types/types.hh"
#include "netlink/family.hh"
#include "netlink/generic.hh"

namespace hopyard::kernel {
namespace {

void put_endpoint(netlink::Batch& batch, const IpAddress& address, std::uint16_t port) {
  if (address.family() == Family::V4) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    std::memcpy(&to.sin_addr, address.data(), address.size());
    batch.put(WGPEER_A_ENDPOINT, &to, sizeof to);
  } else {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    std::memcpy(&to.sin6_addr, address.data(), address.size());
    batch.put(WGPEER_A_ENDPOINT, &to, sizeof to);
  }
}

void put_allowed(netlink::Batch& batch, const Prefix& prefix) {
  const std::size_t one = batch.open(0);
  batch.put_u16(WGALLOWEDIP_A_FAMILY, netlink::kernel_family(prefix.family()));
  batch.put_address(WGALLOWEDIP_A_IPADDR, prefix.address);
  batch.put_u8(WGALLOWEDIP_A_CIDR_MASK, prefix.length);
  batch.close(one);
}

void put_peer(netlink::Batch& batch, const net::WireguardPeer& peer) {
  const std::size_t one = batch.open(0);
  batch.put(WGPEER_A_PUBLIC_KEY, peer.public_key.data(), peer.public_key.size());
  if (peer.preshared_key != net::Key256{})
    batch.put(WGPEER_A_PRESHARED_KEY, peer.preshared_key.data(), peer.preshared_key.size());
  if (peer.endpoint) put_endpoint(batch, *peer.endpoint, peer.port);
  if (peer.keepalive.count() != 0)
    batch.put_u16(WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, static_cast<std::uint16_t>(peer.keepalive.count()));
  const std::size_t allowed = batch.open(WGPEER_A_ALLOWEDIPS);
  for (const Prefix& prefix : peer.allowed) put_allowed(batch, prefix);
  batch.close(allowed);
  batch.close(one);
}

}  // namespace

Result<> configure_wireguard(netlink::Socket& generic, std::uint32_t index, const net::LinkSettings& link) {
  HOPYARD_TAKE(family, netlink::generic_family(generic, WG_GENL_NAME));
  netlink::Batch batch(generic);
  HOPYARD_TRY(netlink::begin_generic(batch, family, WG_CMD_SET_DEVICE, WG_GENL_VERSION));
  batch.put_u32(WGDEVICE_A_IFINDEX, index);
  batch.put(WGDEVICE_A_PRIVATE_KEY, link.private_key.data(), link.private_key.size());
  batch.put_u16(WGDEVICE_A_LISTEN_PORT, link.port);
  const std::size_t peers = batch.open(WGDEVICE_A_PEERS);
  for (const net::WireguardPeer& peer : link.peers) put_peer(batch, peer);
  batch.close(peers);
  return batch.commit();
}

}  // namespace hopyard::kernel
