#include "netlink/nexthop.hh"

#include <linux/nexthop.h>
#include <linux/rtnetlink.h>

#include <cerrno>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"
#include "netlink/family.hh"

namespace hopyard::netlink {
namespace {

void read_members(std::span<const char> bytes, Nexthop& nexthop) {
  while (bytes.size() >= sizeof(nexthop_grp)) {
    nexthop_grp member;
    std::memcpy(&member, bytes.data(), sizeof member);
    nexthop.members.emplace_back(member.id, static_cast<std::uint16_t>(member.weight + 1));
    bytes = bytes.subspan(sizeof member);
  }
}

std::optional<Nexthop> read_nexthop(const nlmsghdr& message) {
  const auto parts = split<nhmsg>(message);
  if (!parts) return std::nullopt;
  const AttributeTable<NHA_GATEWAY> table(parts->attributes);
  const auto id = table[NHA_ID].as<std::uint32_t>();
  if (!id || *id == 0) return std::nullopt;
  Nexthop nexthop;
  nexthop.id = *id;
  nexthop.blackhole = table[NHA_BLACKHOLE].present();
  nexthop.hop.index = table[NHA_OIF].as<std::uint32_t>().value_or(0);
  if (const auto family = known_family(parts->header.nh_family))
    nexthop.hop.via = table[NHA_GATEWAY].address(*family);
  read_members(table[NHA_GROUP].payload(), nexthop);
  return nexthop;
}

std::optional<Nexthop> read_listed(const nlmsghdr& message) {
  return message.nlmsg_type == RTM_NEWNEXTHOP ? read_nexthop(message) : std::nullopt;
}

}  // namespace

std::optional<NexthopNotice> read_nexthop_notice(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWNEXTHOP && message.nlmsg_type != RTM_DELNEXTHOP) return std::nullopt;
  auto nexthop = read_nexthop(message);
  if (!nexthop) return std::nullopt;
  return NexthopNotice{message.nlmsg_type == RTM_DELNEXTHOP, std::move(*nexthop)};
}

Result<Nexthops> list_nexthops(Socket& socket) {
  auto listed = list(socket, RTM_GETNEXTHOP, nhmsg{}, read_listed);
  if (!listed && listed.error().code == EOPNOTSUPP) return Nexthops{};
  if (!listed) return pass_on(std::move(listed));
  Nexthops all;
  for (Nexthop& nexthop : *listed) all.insert_or_assign(nexthop.id, std::move(nexthop));
  return all;
}

void resolve(Route& route, const Nexthops& known) {
  if (route.nexthop == 0 || !route.hops.empty()) return;
  const auto found = known.find(route.nexthop);
  if (found == known.end() || found->second.blackhole) return;
  if (found->second.members.empty()) return route.hops.push_back(found->second.hop);
  for (const auto& [id, weight] : found->second.members) {
    const auto member = known.find(id);
    if (member == known.end() || member->second.blackhole) continue;
    Hop hop = member->second.hop;
    hop.weight = weight;
    route.hops.push_back(hop);
  }
}

}  // namespace hopyard::netlink
