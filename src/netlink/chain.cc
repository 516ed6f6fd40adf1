#include "netlink/chain.hh"

#include <arpa/inet.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"

namespace hopyard::netlink {
namespace {

std::uint32_t big_endian(const Attribute& value, std::uint32_t otherwise) {
  const auto number = value.as<std::uint32_t>();
  return number ? ntohl(*number) : otherwise;
}

}  // namespace

std::optional<ChainInfo> read_chain(const nlmsghdr& message) {
  const auto parts = split<nfgenmsg>(message);
  if (!parts) return std::nullopt;
  const AttributeTable<NFTA_CHAIN_POLICY> table(parts->attributes);
  if (!table[NFTA_CHAIN_HOOK].present()) return std::nullopt;
  const AttributeTable<NFTA_HOOK_PRIORITY> hook(table[NFTA_CHAIN_HOOK].payload());
  return ChainInfo{parts->header.nfgen_family, std::string(table[NFTA_CHAIN_TABLE].text()),
                   std::string(table[NFTA_CHAIN_NAME].text()), big_endian(hook[NFTA_HOOK_HOOKNUM], 0),
                   big_endian(table[NFTA_CHAIN_POLICY], 1)};
}

Result<std::vector<ChainInfo>> list_chains(Socket& socket) {
  return list(socket, NFNL_SUBSYS_NFTABLES << 8U | NFT_MSG_GETCHAIN, nfgenmsg{}, read_chain);
}

}  // namespace hopyard::netlink
