#include "netlink/bridge.hh"

#include <linux/if_bridge.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace hopyard::netlink {
namespace {

/// A message that sets something of a bridge or of one of its ports.
Result<> begin_setting(Batch& batch, std::uint32_t index) {
  HOPYARD_TRY(batch.begin(RTM_SETLINK, 0));
  ifinfomsg header{};
  header.ifi_family = AF_BRIDGE;
  header.ifi_index = static_cast<int>(index);
  batch.put_header(header);
  return {};
}

}  // namespace

Result<> add_port_vlan(Batch& batch, std::uint32_t index, const PortVlan& vlan, Of of) {
  HOPYARD_TRY(begin_setting(batch, index));
  const std::size_t spec = batch.open(IFLA_AF_SPEC);
  if (of == Of::Bridge) batch.put_u16(IFLA_BRIDGE_FLAGS, BRIDGE_FLAGS_SELF);
  bridge_vlan_info info{};
  info.vid = vlan.id;
  if (vlan.untagged) info.flags = BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED;
  batch.put(IFLA_BRIDGE_VLAN_INFO, &info, sizeof info);
  batch.close(spec);
  return {};
}

Result<> add_station(Batch& batch, std::uint32_t index, const Mac& mac) {
  HOPYARD_TRY(batch.begin(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE));
  ndmsg header{};
  header.ndm_family = AF_BRIDGE;
  header.ndm_ifindex = static_cast<int>(index);
  // Not NUD_PERMANENT, which says that the address is the bridge's own.
  header.ndm_state = NUD_NOARP | NUD_REACHABLE;
  // A static station alone follows whoever speaks in its name (br_fdb_update).
  header.ndm_flags = NTF_MASTER | NTF_STICKY;
  batch.put_header(header);
  batch.put(NDA_LLADDR, mac.bytes.data(), mac.bytes.size());
  return {};
}

Result<> pass_reserved_groups(Batch& batch, std::uint32_t index) {
  constexpr std::uint16_t all_but_pause = 0xFFFD;
  HOPYARD_TRY(begin_setting(batch, index));
  const std::size_t port = batch.open(IFLA_PROTINFO);
  batch.put_u16(IFLA_BRPORT_GROUP_FWD_MASK, all_but_pause);
  batch.close(port);
  return {};
}

Result<> isolate(Batch& batch, std::uint32_t index) {
  HOPYARD_TRY(begin_setting(batch, index));
  const std::size_t port = batch.open(IFLA_PROTINFO);
  batch.put_u8(IFLA_BRPORT_ISOLATED, 1);
  batch.close(port);
  return {};
}

Result<> add_flood(Batch& batch, std::uint32_t index, const IpAddress& end) {
  HOPYARD_TRY(batch.begin(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_APPEND));
  ndmsg header{};
  header.ndm_family = AF_BRIDGE;
  header.ndm_ifindex = static_cast<int>(index);
  header.ndm_state = NUD_NOARP | NUD_PERMANENT;
  header.ndm_flags = NTF_SELF;
  batch.put_header(header);
  const Mac everyone{};
  batch.put(NDA_LLADDR, everyone.bytes.data(), everyone.bytes.size());
  batch.put_address(NDA_DST, end);
  return {};
}

}  // namespace hopyard::netlink
