#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/if_macsec.h>

#include <cstring>

#include "kernel/types/types.hh"
#include "netlink/generic.hh"

namespace hopyard::kernel {
namespace {

/// A channel's name: a MAC and a port, here always 1, which the kernel takes for its own end too.
std::uint64_t channel_of(const Mac& mac) {
  const std::uint16_t port = htons(1);
  std::uint64_t channel = 0;
  auto* bytes = reinterpret_cast<char*>(&channel);
  std::memcpy(bytes, mac.bytes.data(), mac.bytes.size());
  std::memcpy(bytes + mac.bytes.size(), &port, sizeof port);
  return channel;
}

void put_channel(netlink::Batch& batch, const Mac& mac, bool active) {
  const std::size_t channel = batch.open(MACSEC_ATTR_RXSC_CONFIG);
  batch.put_u64(MACSEC_RXSC_ATTR_SCI, channel_of(mac));
  if (active) batch.put_u8(MACSEC_RXSC_ATTR_ACTIVE, 1);
  batch.close(channel);
}

void put_association(netlink::Batch& batch, const net::Key128& key) {
  const std::size_t association = batch.open(MACSEC_ATTR_SA_CONFIG);
  batch.put_u8(MACSEC_SA_ATTR_AN, 0);
  batch.put_u32(MACSEC_SA_ATTR_PN, 1);
  batch.put(MACSEC_SA_ATTR_KEYID, key.data(), MACSEC_KEYID_LEN);
  batch.put(MACSEC_SA_ATTR_KEY, key.data(), key.size());
  batch.put_u8(MACSEC_SA_ATTR_ACTIVE, 1);
  batch.close(association);
}

}  // namespace

/// IEEE 802.1AE.
void write_macsec(netlink::Batch& batch, const net::LinkSettings& /*link*/, std::uint32_t /*lower*/) {
  batch.put_u8(IFLA_MACSEC_ENCRYPT, 1);
}

Result<> configure_macsec(netlink::Socket& generic, std::uint32_t index, const net::LinkSettings& link) {
  HOPYARD_TAKE(family, netlink::generic_family(generic, MACSEC_GENL_NAME));
  netlink::Batch batch(generic);
  HOPYARD_TRY(netlink::begin_generic(batch, family, MACSEC_CMD_ADD_RXSC, MACSEC_GENL_VERSION));
  batch.put_u32(MACSEC_ATTR_IFINDEX, index);
  put_channel(batch, link.peer_mac, true);
  HOPYARD_TRY(netlink::begin_generic(batch, family, MACSEC_CMD_ADD_RXSA, MACSEC_GENL_VERSION));
  batch.put_u32(MACSEC_ATTR_IFINDEX, index);
  put_channel(batch, link.peer_mac, false);
  put_association(batch, link.receive_key);
  HOPYARD_TRY(netlink::begin_generic(batch, family, MACSEC_CMD_ADD_TXSA, MACSEC_GENL_VERSION));
  batch.put_u32(MACSEC_ATTR_IFINDEX, index);
  put_association(batch, link.transmit_key);
  return batch.commit();
}

}  // namespace hopyard::kernel
