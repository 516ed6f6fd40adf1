#include "netlink/neighbour.hh"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"
#include "netlink/family.hh"

namespace hopyard::netlink {

Result<> add_neighbour(Batch& batch, const Neighbour& neighbour) {
  HOPYARD_TRY(batch.begin(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE));
  ndmsg header{};
  header.ndm_family = kernel_family(neighbour.address.family());
  header.ndm_ifindex = static_cast<int>(neighbour.index);
  header.ndm_state = NUD_PERMANENT;
  batch.put_header(header);
  batch.put_address(NDA_DST, neighbour.address);
  batch.put(NDA_LLADDR, neighbour.mac.bytes.data(), neighbour.mac.bytes.size());
  return {};
}

std::optional<Neighbour> read_permanent_neighbour(const nlmsghdr& message) {
  const auto parts = split<ndmsg>(message);
  if (!parts || (parts->header.ndm_state & NUD_PERMANENT) == 0) return std::nullopt;
  const auto family = known_family(parts->header.ndm_family);
  if (!family) return std::nullopt;
  const AttributeTable<NDA_LLADDR> table(parts->attributes);
  const auto address = table[NDA_DST].address(*family);
  const auto mac = table[NDA_LLADDR].mac();
  if (!address || !mac) return std::nullopt;
  return Neighbour{static_cast<std::uint32_t>(parts->header.ndm_ifindex), *address, *mac};
}

Result<std::vector<Neighbour>> list_permanent_neighbours(Socket& socket) {
  return list(socket, RTM_GETNEIGH, ndmsg{}, read_permanent_neighbour);
}

Result<> ask_neighbour(Batch& batch, std::uint32_t index, const IpAddress& address) {
  HOPYARD_TRY(batch.begin(RTM_NEWNEIGH, NLM_F_CREATE));
  ndmsg header{};
  header.ndm_family = kernel_family(address.family());
  header.ndm_ifindex = static_cast<int>(index);
  header.ndm_flags = NTF_USE;
  batch.put_header(header);
  batch.put_address(NDA_DST, address);
  return {};
}

Result<bool> has_neighbour(Socket& socket, std::uint32_t index, const IpAddress& address) {
  constexpr std::uint16_t known = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT;
  ndmsg all{};
  all.ndm_family = kernel_family(address.family());
  HOPYARD_TAKE(found, list(socket, RTM_GETNEIGH, all, [&](const nlmsghdr& message) -> std::optional<bool> {
                 const auto parts = split<ndmsg>(message);
                 if (!parts || parts->header.ndm_ifindex != static_cast<int>(index)) return std::nullopt;
                 const AttributeTable<NDA_LLADDR> table(parts->attributes);
                 if (table[NDA_DST].address(address.family()) != address) return std::nullopt;
                 return (parts->header.ndm_state & known) != 0;
               }));
  return !found.empty() && found.front();
}

}  // namespace hopyard::netlink
