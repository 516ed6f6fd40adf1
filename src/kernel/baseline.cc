#include "kernel/baseline.hh"

#include <algorithm>
#include <array>
#include <string_view>

#include "netlink/link.hh"

namespace hopyard::kernel {
namespace {

struct Setting {
  std::string_view name;
  std::string_view all;       ///< value under conf.all
  std::string_view standard;  ///< value under conf.default
};

// ipv4_devconf and ipv4_devconf_dflt of net/ipv4/devinet.c.
constexpr std::array ipv4_settings{
    Setting{"forwarding", "0", "0"},          Setting{"rp_filter", "0", "0"},
    Setting{"accept_redirects", "1", "1"},    Setting{"send_redirects", "1", "1"},
    Setting{"secure_redirects", "1", "1"},    Setting{"shared_media", "1", "1"},
    Setting{"accept_source_route", "0", "1"}, Setting{"accept_local", "0", "0"},
    Setting{"route_localnet", "0", "0"},      Setting{"proxy_arp", "0", "0"},
    Setting{"proxy_arp_pvlan", "0", "0"},     Setting{"arp_filter", "0", "0"},
    Setting{"arp_announce", "0", "0"},        Setting{"arp_ignore", "0", "0"},
    Setting{"arp_accept", "0", "0"},          Setting{"arp_notify", "0", "0"},
    Setting{"bootp_relay", "0", "0"},         Setting{"log_martians", "0", "0"},
    Setting{"src_valid_mark", "0", "0"},      Setting{"tag", "0", "0"},
    Setting{"medium_id", "0", "0"},           Setting{"disable_policy", "0", "0"},
    Setting{"disable_xfrm", "0", "0"},        Setting{"force_igmp_version", "0", "0"},
    Setting{"promote_secondaries", "0", "0"}, Setting{"ignore_routes_with_linkdown", "0", "0"},
    Setting{"drop_gratuitous_arp", "0", "0"}, Setting{"drop_unicast_in_l2_multicast", "0", "0"},
    Setting{"bc_forwarding", "0", "0"},       Setting{"arp_evict_nocarrier", "1", "1"},
};

// ipv6_devconf and ipv6_devconf_dflt of net/ipv6/addrconf.c; inherited only where devconf_inherit_init_net
// asks for it.
constexpr std::array ipv6_settings{
    Setting{"disable_ipv6", "0", "0"},  Setting{"forwarding", "0", "0"},
    Setting{"accept_ra", "1", "1"},     Setting{"accept_redirects", "1", "1"},
    Setting{"accept_dad", "0", "1"},    Setting{"autoconf", "1", "1"},
    Setting{"use_tempaddr", "0", "0"},  Setting{"accept_source_route", "0", "0"},
    Setting{"addr_gen_mode", "0", "0"}, Setting{"keep_addr_on_down", "0", "0"},
};

void compare(const sys::Procfs& procfs, std::string_view family, const Setting& setting,
             std::string_view scope, std::string_view wanted, std::vector<net::Sysctl>& corrections) {
  std::string name = "net.";
  name.append(family).append(".conf.").append(scope).append(".").append(setting.name);
  // A kernel without the setting cannot have a wrong one.
  const auto value = procfs.read(sysctl_path(name));
  if (value && *value != wanted) corrections.push_back({std::move(name), std::string(wanted)});
}

}  // namespace

Result<Baseline> read_baseline(const sys::Procfs& procfs, netlink::Socket& socket) {
  Baseline baseline;
  // `all` first: writing it can change `default` as well (forwarding).
  for (const Setting& setting : ipv4_settings) {
    compare(procfs, "ipv4", setting, "all", setting.all, baseline.corrections);
    compare(procfs, "ipv4", setting, "default", setting.standard, baseline.corrections);
    // lo was there before `default` could be put right.
    compare(procfs, "ipv4", setting, "lo", setting.standard, baseline.corrections);
  }
  for (const Setting& setting : ipv6_settings) {
    compare(procfs, "ipv6", setting, "all", setting.all, baseline.corrections);
    compare(procfs, "ipv6", setting, "default", setting.standard, baseline.corrections);
  }
  HOPYARD_TAKE(links, netlink::list_links(socket));
  for (const netlink::LinkInfo& link : links)
    baseline.first_index = std::max(baseline.first_index, link.index + 1);
  return baseline;
}

std::string sysctl_path(std::string_view name) {
  if (!name.starts_with("net.")) return {};
  std::string path = "sys/";
  for (const char letter : name) path += letter == '.' ? '/' : letter == '/' ? '.' : letter;
  const bool leads_elsewhere = path.find("/../") != std::string::npos ||
                               path.find("//") != std::string::npos || path.ends_with("/..") ||
                               path.ends_with("/");
  return leads_elsewhere ? std::string() : path;
}

}  // namespace hopyard::kernel
