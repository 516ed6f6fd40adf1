#include "netlink/address.hh"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"
#include "netlink/family.hh"

namespace hopyard::netlink {

Result<> add_address(Batch& batch, std::uint32_t index, const InterfaceAddress& address, Existing existing) {
  HOPYARD_TRY(batch.begin(RTM_NEWADDR, create_flags(existing)));
  const Family family = address.address.family();
  ifaddrmsg header{};
  header.ifa_family = kernel_family(family);
  header.ifa_prefixlen = address.length;
  header.ifa_index = index;
  batch.put_header(header);
  batch.put_address(IFA_LOCAL, address.address);
  batch.put_address(IFA_ADDRESS, address.address);
  if (family == Family::V6) batch.put_u32(IFA_FLAGS, IFA_F_NODAD);
  // Subnets of 31 and 32 bits have no broadcast address (RFC 3021).
  if (family == Family::V4 && address.length <= 30) batch.put_address(IFA_BROADCAST, address.prefix().last());
  return {};
}

std::optional<AddressInfo> read_address(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWADDR) return std::nullopt;
  const auto parts = split<ifaddrmsg>(message);
  if (!parts) return std::nullopt;
  const auto family = known_family(parts->header.ifa_family);
  if (!family || parts->header.ifa_prefixlen > bits(*family)) return std::nullopt;
  const AttributeTable<IFA_FLAGS> table(parts->attributes);
  // On a point-to-point link IFA_ADDRESS is the other side; IFA_LOCAL, where there is one, is always ours.
  auto own = table[IFA_LOCAL].address(*family);
  if (!own) own = table[IFA_ADDRESS].address(*family);
  if (!own) return std::nullopt;
  AddressInfo info;
  info.index = parts->header.ifa_index;
  info.address = {*own, parts->header.ifa_prefixlen};
  info.flags = table[IFA_FLAGS].as<std::uint32_t>().value_or(parts->header.ifa_flags);
  info.scope = parts->header.ifa_scope;
  return info;
}

Result<std::vector<AddressInfo>> list_addresses(Socket& socket) {
  return list(socket, RTM_GETADDR, ifaddrmsg{}, read_address);
}

}  // namespace hopyard::netlink
