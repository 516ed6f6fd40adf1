#include "kernel/takeover.hh"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"
#include "netlink/route.hh"

namespace hopyard::kernel {
namespace {

using netlink::Attribute;
using netlink::Batch;
using Message = std::vector<char>;

// Of an address, what was asked for when it was made; the rest the kernel finds out.
constexpr std::uint32_t asked_flags =
    IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR | IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN;

const nlmsghdr& head_of(const Message& message) {
  return *reinterpret_cast<const nlmsghdr*>(message.data());
}

std::uint32_t address_flags(const netlink::Parts<ifaddrmsg>& parts) {
  std::uint32_t flags = parts.header.ifa_flags;
  netlink::for_each_attribute(parts.attributes, [&](std::uint16_t type, const Attribute& value) {
    if (type == IFA_FLAGS) flags = value.as<std::uint32_t>().value_or(flags);
  });
  return flags;
}

bool is_ours_to_move(const netlink::Parts<ifaddrmsg>& parts) {
  if (parts.header.ifa_family != AF_INET6) return true;  // there the same flag means secondary
  return parts.header.ifa_scope != RT_SCOPE_LINK && (address_flags(parts) & IFA_F_TEMPORARY) == 0;
}

struct MovingAddress {
  std::uint16_t type = RTM_NEWADDR;
  std::uint16_t flags = 0;
  std::uint32_t to = 0;
  std::uint32_t more = 0;  ///< IFA_F_… beside its own
  bool labelled = false;   ///< with its label, which begins with the device's name
};

Result<> put_address(Batch& batch, const Message& message, const MovingAddress& moving) {
  const auto parts = netlink::split<ifaddrmsg>(head_of(message));
  HOPYARD_TRY(batch.begin(moving.type, moving.flags));
  ifaddrmsg header = parts->header;
  header.ifa_index = moving.to;
  header.ifa_flags = 0;
  batch.put_header(header);
  netlink::for_each_attribute(parts->attributes, [&](std::uint16_t type, const Attribute& value) {
    if (type == IFA_FLAGS || (type == IFA_LABEL && !moving.labelled)) return;
    batch.put(type, value.payload().data(), value.payload().size());
  });
  batch.put_u32(IFA_FLAGS, (address_flags(*parts) & asked_flags) | moving.more);
  return {};
}

/// Next hops with another device in the place of @p from; what the kernel says of their state is left out.
std::vector<char> redirected(std::span<const char> multipath, std::uint32_t from, std::uint32_t to) {
  std::vector<char> bytes(multipath.begin(), multipath.end());
  for (std::size_t at = 0; at + sizeof(rtnexthop) <= bytes.size();) {
    rtnexthop hop;
    std::memcpy(&hop, bytes.data() + at, sizeof hop);
    if (hop.rtnh_len < sizeof hop) break;
    if (static_cast<std::uint32_t>(hop.rtnh_ifindex) == from) hop.rtnh_ifindex = static_cast<int>(to);
    hop.rtnh_flags &= RTNH_F_ONLINK;
    std::memcpy(bytes.data() + at, &hop, sizeof hop);
    at += RTNH_ALIGN(hop.rtnh_len);
  }
  return bytes;
}

struct MovingRoute {
  std::uint16_t flags = 0;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

Result<> put_route(Batch& batch, const Message& message, const MovingRoute& moving) {
  const auto parts = netlink::split<rtmsg>(head_of(message));
  HOPYARD_TRY(batch.begin(RTM_NEWROUTE, moving.flags, EEXIST));
  rtmsg header = parts->header;
  header.rtm_flags &= RTNH_F_ONLINK;
  batch.put_header(header);
  const bool back = moving.from == moving.to;
  const netlink::AttributeTable<RTA_NH_ID> table(parts->attributes);
  // A route that goes by a nexthop object says nothing else of its way; the object is the device's own.
  const bool by_object = back && table[RTA_NH_ID].present();
  netlink::for_each_attribute(parts->attributes, [&](std::uint16_t type, const Attribute& value) {
    const auto bytes = value.payload();
    const bool of_way = type == RTA_OIF || type == RTA_GATEWAY || type == RTA_VIA || type == RTA_MULTIPATH;
    if (type == RTA_CACHEINFO || (type == RTA_NH_ID && !by_object) || (of_way && by_object)) return;
    if (type == RTA_OIF) return batch.put_u32(RTA_OIF, moving.to);
    if (type != RTA_MULTIPATH) return batch.put(type, bytes.data(), bytes.size());
    const std::vector<char> hops = redirected(bytes, moving.from, moving.to);
    batch.put(type, hops.data(), hops.size());
  });
  const auto times = table[RTA_CACHEINFO].as<rta_cacheinfo>();
  // In hundredths of a second; of no time, and of IPv4, nothing is said.
  if (times && times->rta_expires > 0 && header.rtm_family == AF_INET6)
    batch.put_u32(RTA_EXPIRES, static_cast<std::uint32_t>(times->rta_expires) / 100);
  return {};
}

bool leads_by(const netlink::Route& route, std::uint32_t index) {
  return std::ranges::any_of(route.hops, [&](const netlink::Hop& hop) { return hop.index == index; });
}

bool made_by_kernel(const netlink::Route& route) {
  if (route.protocol != RTPROT_KERNEL) return false;
  const std::uint8_t* bytes = route.to.address.data();
  const bool six = route.to.family() == Family::V6;
  const bool link_local = six && bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80;
  const bool multicast = six && bytes[0] == 0xFF;
  return route.type != RTN_UNICAST || route.table == RT_TABLE_LOCAL || link_local || multicast;
}

/// The whole message, where it is one that counts.
std::optional<Message> kept(const nlmsghdr& message, bool counts) {
  const auto* bytes = reinterpret_cast<const char*>(&message);
  return counts ? std::optional<Message>(std::in_place, bytes, bytes + message.nlmsg_len) : std::nullopt;
}

}  // namespace

Result<Belongings> Belongings::of(netlink::Socket& socket, std::uint32_t index) {
  Belongings all(index);
  HOPYARD_TAKE(addresses, netlink::list(socket, RTM_GETADDR, ifaddrmsg{}, [&](const nlmsghdr& message) {
                 const auto parts = netlink::split<ifaddrmsg>(message);
                 return kept(message, parts && message.nlmsg_type == RTM_NEWADDR &&
                                          parts->header.ifa_index == index && is_ours_to_move(*parts));
               }));
  HOPYARD_TAKE(routes, netlink::list(socket, RTM_GETROUTE, rtmsg{}, [&](const nlmsghdr& message) {
                 const auto route = netlink::read_route(message);
                 return kept(message,
                             route && !route->cached && leads_by(*route, index) && !made_by_kernel(*route));
               }));
  // The kernel lists addresses of IPv6 with the newest first.
  const auto six = std::ranges::stable_partition(addresses, [](const Message& one) {
    return netlink::split<ifaddrmsg>(head_of(one))->header.ifa_family != AF_INET6;
  });
  std::ranges::reverse(six);
  all.addresses_ = std::move(addresses);
  // Those on the link before those by gateways, which must be on some link.
  std::ranges::stable_partition(routes, [](const Message& one) {
    return std::ranges::none_of(netlink::read_route(head_of(one))->hops,
                                [](const netlink::Hop& hop) { return hop.via.has_value(); });
  });
  all.routes_ = std::move(routes);
  return all;
}

Result<> Belongings::move(Batch& batch, std::uint32_t to) const {
  // Nobody else has them: the device that has them is on the same wire.
  for (const Message& one : addresses_)
    HOPYARD_TRY(put_address(batch, one, {RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, to, IFA_F_NODAD}));
  for (const Message& one : routes_) {
    const bool connected = netlink::split<rtmsg>(head_of(one))->header.rtm_protocol == RTPROT_KERNEL;
    const std::uint16_t how =
        connected ? NLM_F_EXCL : NLM_F_REPLACE;  // those come with their addresses, mostly
    HOPYARD_TRY(put_route(batch, one, {static_cast<std::uint16_t>(NLM_F_CREATE | how), index_, to}));
  }
  // The last first: with the first of its subnet, an IPv4 address takes the others along.
  for (auto one = addresses_.rbegin(); one != addresses_.rend(); ++one)
    HOPYARD_TRY(put_address(batch, *one, {RTM_DELADDR, 0, index_}));
  return {};
}

Result<std::vector<Message>> Belongings::messages_to_return() const {
  std::vector<Message> messages;
  const auto write = [&](auto put) -> Result<> {
    Batch batch;
    HOPYARD_TRY(put(batch));
    messages.emplace_back(batch.bytes().begin(), batch.bytes().end());
    return {};
  };
  for (const Message& one : addresses_)
    HOPYARD_TRY(write([&](Batch& batch) {
      return put_address(batch, one, {RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, index_, 0, true});
    }));
  for (const Message& one : routes_)
    HOPYARD_TRY(write([&](Batch& batch) {
      return put_route(batch, one, {NLM_F_CREATE | NLM_F_EXCL, index_, index_});
    }));
  return messages;
}

std::optional<IpAddress> Belongings::gateway() const {
  std::optional<netlink::Route> best;
  for (const Message& one : routes_) {
    auto route = netlink::read_route(head_of(one));
    if (!route || route->to.length != 0 || route->hops.empty() || !route->hops[0].via) continue;
    const auto rank = [](const netlink::Route& each) { return std::pair(each.to.family(), each.metric); };
    if (!best || rank(*route) < rank(*best)) best = std::move(route);
  }
  return best ? best->hops[0].via : std::nullopt;
}

}  // namespace hopyard::kernel
