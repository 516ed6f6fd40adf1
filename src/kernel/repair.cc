#include <net/if.h>

#include <algorithm>
#include <cerrno>
#include <ranges>

#include "kernel/real_namespace.hh"
#include "net/adjustment.hh"
#include "net/observed.hh"
#include "netlink/link.hh"

/// What brings a device back to its place when somebody has changed it.
namespace hopyard::kernel {
namespace {

using Links = std::vector<netlink::LinkInfo>;

bool has_index(const Links& links, std::uint32_t index) {
  return std::ranges::find(links, index, &netlink::LinkInfo::index) != links.end();
}

}  // namespace

Result<> RealNamespace::make_room(const net::Namespace& own, std::uint32_t device) {
  HOPYARD_TRY(commit());
  HOPYARD_TAKE(requests, batch());
  HOPYARD_TAKE(links, netlink::list_links(channel_->socket));
  std::uint32_t removed = 0;
  for (const netlink::LinkInfo& link : links)
    if (link.name == own.devices[device].name) removed = link.index;
  if (removed != 0) {
    HOPYARD_TRY(seen(netlink::remove_link(*requests, removed)));
    HOPYARD_TRY(commit());
    std::erase_if(links, [&](const netlink::LinkInfo& link) { return link.index == removed; });
  }
  // Steps as long as all devices together lead to numbers that none of them has, and an end of a pair never
  // comes to the number of the other one.
  const auto step = static_cast<std::uint32_t>(2 * own.devices.size());
  for (std::uint32_t index = index_of(own, device); has_index(links, index); index += step)
    renumbered_[device] = index + step;
  return {};
}

Result<> RealNamespace::adjust(const net::Namespace& own, std::uint32_t device, std::uint32_t what) {
  HOPYARD_TRY(commit());
  HOPYARD_TAKE(requests, batch());
  HOPYARD_TAKE(links, netlink::list_links(channel_->socket));
  const net::Device& wanted = own.devices[device];
  auto link = std::ranges::find(links, wanted.name, &netlink::LinkInfo::name);
  if (link == links.end()) link = std::ranges::find(links, index_of(own, device), &netlink::LinkInfo::index);
  if (link == links.end()) return failure("find the interface", wanted.name, ENODEV);
  if ((what & net::adjust_name) != 0 && link->name != wanted.name) {
    HOPYARD_TRY(seen(netlink::set_link_state(*requests, link->index, false)));
    HOPYARD_TRY(seen(netlink::rename(*requests, link->index, wanted.name)));
  }
  if ((what & net::adjust_mac) != 0) HOPYARD_TRY(seen(netlink::set_mac(*requests, link->index, wanted.mac)));
  if ((what & net::adjust_mtu) != 0)
    HOPYARD_TRY(seen(netlink::set_mtu(*requests, link->index, net::expected_mtu(wanted))));
  if ((what & net::adjust_master) != 0) HOPYARD_TRY(seen(netlink::set_master(*requests, link->index, 0)));
  return commit();
}

}  // namespace hopyard::kernel
