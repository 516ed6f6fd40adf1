#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "netlink/socket.hh"

/// Chains of the packet filter that stand at a hook: NFT_MSG_GETCHAIN (linux/netfilter/nf_tables.h, nft(8)).
namespace hopyard::netlink {

struct ChainInfo {
  std::uint8_t family = 0;  ///< NFPROTO_… (linux/netfilter.h): 1 inet, 2 IPv4, 10 IPv6
  std::string table;
  std::string name;
  std::uint32_t hook = 0;    ///< NF_INET_…: 2 forward
  std::uint32_t policy = 1;  ///< NF_DROP (0) or NF_ACCEPT (1)
};

/// What an NFT_MSG_NEWCHAIN says; nothing for a chain that stands at no hook.
[[nodiscard]] std::optional<ChainInfo> read_chain(const nlmsghdr& message);

/// Those of the socket's namespace; of tables of iptables as well, where that is made of nftables.
/// @param socket of Socket::open_netfilter().
[[nodiscard]] Result<std::vector<ChainInfo>> list_chains(Socket& socket);

}  // namespace hopyard::netlink
