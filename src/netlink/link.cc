#include "netlink/link.hh"

#include <linux/if_link.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>

#include <cerrno>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"

namespace hopyard::netlink {
namespace {

constexpr std::uint16_t create = NLM_F_CREATE | NLM_F_EXCL;

ifinfomsg link_header(std::uint32_t index) {
  ifinfomsg header{};
  header.ifi_family = AF_UNSPEC;
  header.ifi_index = static_cast<int>(index);
  return header;
}

void put_common(Batch& batch, std::string_view name, const Mac& mac, std::uint32_t mtu) {
  batch.put_text(IFLA_IFNAME, name);
  if (!mac.zero()) batch.put(IFLA_ADDRESS, mac.bytes.data(), mac.bytes.size());
  if (mtu != 0) batch.put_u32(IFLA_MTU, mtu);
}

void put_end(Batch& batch, const VethEnd& end) {
  put_common(batch, end.name, end.mac, end.mtu);
  batch.put_u32(IFLA_NUM_TX_QUEUES, 1);
  batch.put_u32(IFLA_NUM_RX_QUEUES, 1);
  batch.put_u32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(end.netns));
}

void put_tree(Batch& batch, const std::optional<BridgeTree>& tree) {
  batch.put_u32(IFLA_BR_FORWARD_DELAY, tree ? tree->forward_delay : 0);
  batch.put_u32(IFLA_BR_STP_STATE, tree ? 1 : 0);
  if (!tree) return;
  batch.put_u32(IFLA_BR_HELLO_TIME, tree->hello);
  batch.put_u32(IFLA_BR_MAX_AGE, tree->max_age);
  batch.put_u16(IFLA_BR_PRIORITY, tree->priority);
}

void put_bridge_data(Batch& batch, const NewBridge& bridge) {
  put_tree(batch, bridge.tree);
  // With an ageing time of nothing the bridge learns nothing (br_fdb_update), and so sends every frame
  // everywhere.
  if (bridge.ageing) batch.put_u32(IFLA_BR_AGEING_TIME, *bridge.ageing);
  if (bridge.filters) {
    batch.put_u8(IFLA_BR_VLAN_FILTERING, 1);
    batch.put_u16(IFLA_BR_VLAN_DEFAULT_PVID, 0);
  }
  batch.put_u8(IFLA_BR_MCAST_SNOOPING, 0);
  batch.put_u8(IFLA_BR_NF_CALL_IPTABLES, 0);
  batch.put_u8(IFLA_BR_NF_CALL_IP6TABLES, 0);
  batch.put_u8(IFLA_BR_NF_CALL_ARPTABLES, 0);
}

bool waits_for_ipv6(const Attribute& families) {
  constexpr std::uint32_t ready = 0x80000000;  // IF_READY of the kernel's net/if_inet6.h
  const AttributeTable<AF_INET6> family(families.payload());
  const AttributeTable<IFLA_INET6_CONF> table(family[AF_INET6].payload());
  const auto flags = table[IFLA_INET6_FLAGS].as<std::uint32_t>();
  if (!flags || (*flags & ready) != 0) return false;
  const std::span<const char> settings = table[IFLA_INET6_CONF].payload();
  constexpr std::size_t place = sizeof(std::int32_t) * DEVCONF_DISABLE_IPV6;
  if (settings.size() < place) return true;
  return Attribute(settings.subspan(place)).as<std::int32_t>().value_or(0) == 0;
}

}  // namespace

Result<> create_veth(Batch& batch, const VethEnd& end, const VethEnd& peer) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, create));
  batch.put_header(link_header(end.index));
  put_end(batch, end);
  const std::size_t info = batch.open(IFLA_LINKINFO);
  batch.put_text(IFLA_INFO_KIND, "veth");
  const std::size_t data = batch.open(IFLA_INFO_DATA);
  const std::size_t other = batch.open(VETH_INFO_PEER);
  const ifinfomsg header = link_header(peer.index);
  batch.put_raw(&header, sizeof header);
  put_end(batch, peer);
  batch.close(other);
  batch.close(data);
  batch.close(info);
  return {};
}

Result<> create_bridge(Batch& batch, const NewBridge& bridge) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, create));
  batch.put_header(link_header(bridge.index));
  put_common(batch, bridge.name, bridge.mac, bridge.mtu);
  const std::size_t info = batch.open(IFLA_LINKINFO);
  batch.put_text(IFLA_INFO_KIND, "bridge");
  const std::size_t data = batch.open(IFLA_INFO_DATA);
  put_bridge_data(batch, bridge);
  batch.close(data);
  batch.close(info);
  return {};
}

Result<> create_device(Batch& batch, const NewDevice& device, const std::function<void(Batch&)>& data) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, create));
  batch.put_header(link_header(device.index));
  put_common(batch, device.name, device.mac, device.mtu);
  if (device.netns >= 0) batch.put_u32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(device.netns));
  if (device.lower != 0) batch.put_u32(IFLA_LINK, device.lower);
  const std::size_t info = batch.open(IFLA_LINKINFO);
  batch.put_text(IFLA_INFO_KIND, device.kind);
  if (data) {
    const std::size_t nest = batch.open(IFLA_INFO_DATA);
    data(batch);
    batch.close(nest);
  }
  batch.close(info);
  return {};
}

Result<> move(Batch& batch, std::string_view name, int netns, std::uint32_t index) {
  HOPYARD_TRY(batch.begin(RTM_SETLINK, 0));
  batch.put_header(link_header(0));
  batch.put_text(IFLA_IFNAME, name);
  batch.put_u32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(netns));
  batch.put_u32(IFLA_NEW_IFINDEX, index);
  return {};
}

Result<> rename(Batch& batch, std::uint32_t index, std::string_view name) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, 0));
  batch.put_header(link_header(index));
  batch.put_text(IFLA_IFNAME, name);
  return {};
}

Result<> move_link(Batch& batch, std::uint32_t index, const Destination& to) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, 0));
  batch.put_header(link_header(index));
  batch.put_text(IFLA_IFNAME, to.name);
  batch.put_u32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(to.netns));
  if (to.index != 0) batch.put_u32(IFLA_NEW_IFINDEX, to.index);
  return {};
}

Result<> set_mtu(Batch& batch, std::uint32_t index, std::uint32_t mtu) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, 0));
  batch.put_header(link_header(index));
  batch.put_u32(IFLA_MTU, mtu);
  return {};
}

Result<> remove_link(Batch& batch, std::uint32_t index) {
  HOPYARD_TRY(batch.begin(RTM_DELLINK, 0));
  batch.put_header(link_header(index));
  return {};
}

Result<> set_link_state(Batch& batch, std::uint32_t index, bool up) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, 0));
  ifinfomsg header = link_header(index);
  header.ifi_flags = up ? IFF_UP : 0;
  header.ifi_change = IFF_UP;
  batch.put_header(header);
  return {};
}

Result<> set_mac(Batch& batch, std::uint32_t index, const Mac& mac) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, 0));
  batch.put_header(link_header(index));
  batch.put(IFLA_ADDRESS, mac.bytes.data(), mac.bytes.size());
  return {};
}

Result<> set_master(Batch& batch, std::uint32_t index, std::uint32_t master) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, 0));
  batch.put_header(link_header(index));
  batch.put_u32(IFLA_MASTER, master);
  return {};
}

Result<> probe_kind(Batch& batch, std::string_view kind) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINK, create, EADDRNOTAVAIL));
  batch.put_header(link_header(0));
  const Mac multicast{{0x01, 0, 0, 0, 0, 0}};
  put_common(batch, "hopyard-probe", multicast, 0);
  const std::size_t info = batch.open(IFLA_LINKINFO);
  batch.put_text(IFLA_INFO_KIND, kind);
  batch.close(info);
  return {};
}

std::optional<LinkInfo> read_link(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWLINK) return std::nullopt;
  const auto parts = split<ifinfomsg>(message);
  if (!parts) return std::nullopt;
  const AttributeTable<IFLA_LINK_NETNSID> table(parts->attributes);
  LinkInfo link;
  link.index = static_cast<std::uint32_t>(parts->header.ifi_index);
  link.flags = parts->header.ifi_flags;
  link.name = table[IFLA_IFNAME].text();
  link.mac = table[IFLA_ADDRESS].mac().value_or(Mac{});
  link.mtu = table[IFLA_MTU].as<std::uint32_t>().value_or(0);
  link.master = table[IFLA_MASTER].as<std::uint32_t>().value_or(0);
  link.peer = table[IFLA_LINK].as<std::uint32_t>().value_or(0);
  link.peer_nsid = table[IFLA_LINK_NETNSID].as<std::int32_t>();
  link.qdisc = table[IFLA_QDISC].text();
  const AttributeTable<IFLA_INFO_KIND> info(table[IFLA_LINKINFO].payload());
  link.kind = info[IFLA_INFO_KIND].text();
  link.waits_for_ipv6 = waits_for_ipv6(table[IFLA_AF_SPEC]);
  return link;
}

Result<std::vector<LinkInfo>> list_links(Socket& socket) {
  return list(socket, RTM_GETLINK, link_header(0), read_link);
}

}  // namespace hopyard::netlink
