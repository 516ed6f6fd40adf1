#include <fmt/format.h>
#include <linux/netfilter.h>

#include <algorithm>
#include <iterator>

#include "app/up.hh"
#include "netlink/chain.hh"
#include "sys/file.hh"
#include "sys/ip_tables.hh"

namespace hopyard::app {
namespace {

using By = lab::External::By;

bool uses(const lab::Lab& lab, By way) {
  return std::ranges::any_of(lab.nodes, [&](const lab::Node& node) {
    return node.kind == lab::Kind::External && node.external.by == way;
  });
}

/// Whether the packet filter sees what only passes a bridge (the module br_netfilter).
bool sees_bridged_frames() {
  const auto text = sys::read_file(sys::here(), "/proc/sys/net/bridge/bridge-nf-call-iptables");
  return text && text->starts_with('1');
}

/// "chain FORWARD of table ip filter" of those of nftables that drop what no rule of theirs lets pass.
std::vector<std::string> dropping_chains() {
  auto socket = netlink::Socket::open_netfilter();
  if (!socket) return {};
  const auto chains = netlink::list_chains(*socket);
  if (!chains) return {};  // a kernel without nftables drops nothing by it
  std::vector<std::string> words;
  for (const netlink::ChainInfo& chain : *chains) {
    const bool ip =
        chain.family == NFPROTO_INET || chain.family == NFPROTO_IPV4 || chain.family == NFPROTO_IPV6;
    if (!ip || chain.hook != NF_INET_FORWARD || chain.policy != NF_DROP) continue;
    const std::string_view family = chain.family == NFPROTO_INET   ? "inet"
                                    : chain.family == NFPROTO_IPV4 ? "ip"
                                                                   : "ip6";
    words.push_back(fmt::format("chain {} of table {} {}", chain.name, family, chain.table));
  }
  return words;
}

/// The same of what was there before nftables.
std::vector<std::string> dropping_old_chains() {
  std::vector<std::string> words;
  if (sys::old_tables_drop_forwarded(Family::V4).value_or(false))
    words.emplace_back("chain FORWARD of iptables-legacy");
  if (sys::old_tables_drop_forwarded(Family::V6).value_or(false))
    words.emplace_back("chain FORWARD of ip6tables-legacy");
  return words;
}

}  // namespace

std::string warn_of_host_firewall(const lab::Lab& lab) {
  const bool routed = uses(lab, By::Nat);
  const bool bridged = uses(lab, By::Bridge) && sees_bridged_frames();
  if (!routed && !bridged) return {};
  std::vector<std::string> chains = dropping_chains();
  std::ranges::move(dropping_old_chains(), std::back_inserter(chains));
  if (chains.empty()) return {};
  return fmt::format(
      "the host's own firewall drops {} that no rule lets pass ({}; Docker makes it so): what the lab sends "
      "out may not "
      "arrive\n  let pass what comes in or goes out by interfaces hop-*, as docs/host.md shows",
      bridged && !routed ? "bridged packets (br_netfilter)" : "forwarded packets", fmt::join(chains, ", "));
}

}  // namespace hopyard::app
