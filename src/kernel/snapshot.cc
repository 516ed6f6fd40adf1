#include "kernel/snapshot.hh"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "kernel/seen.hh"
#include "netlink/address.hh"
#include "netlink/link.hh"
#include "netlink/nexthop.hh"
#include "netlink/route.hh"
#include "netlink/socket.hh"
#include "sys/netns.hh"

namespace hopyard::kernel {
namespace {

Result<netlink::Socket> open_inside(int netns, int home) {
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns, home));
  return netlink::Socket::open();
}

net::SeenLink seen(netlink::LinkInfo&& info) {
  net::SeenLink link;
  link.index = info.index;
  link.name = std::move(info.name);
  link.kind = std::move(info.kind);
  link.mac = info.mac;
  link.mtu = info.mtu;
  link.up = (info.flags & IFF_UP) != 0;
  link.running = (info.flags & IFF_LOWER_UP) != 0;
  link.master = info.master;
  link.peer = info.peer;
  link.peer_nsid = info.peer_nsid;
  link.qdisc = std::move(info.qdisc);
  return link;
}

net::SeenAddress seen(const netlink::AddressInfo& info) {
  return {info.index, info.address, info.scope == RT_SCOPE_LINK, (info.flags & IFA_F_TENTATIVE) != 0,
          (info.flags & IFA_F_DADFAILED) != 0};
}

}  // namespace

Result<net::Snapshot> take_snapshot(int netns) {
  HOPYARD_TAKE(home, sys::current_netns());
  return take_snapshot(netns, home.get());
}

Result<net::Snapshot> take_snapshot(int netns, int home) {
  HOPYARD_TAKE(socket, open_inside(netns, home));
  net::Snapshot snapshot;
  LinkNames names;
  HOPYARD_TAKE(links, netlink::list_links(socket));
  for (netlink::LinkInfo& link : links) {
    names.emplace(link.index, link.name);
    snapshot.links.push_back(seen(std::move(link)));
  }
  HOPYARD_TAKE(addresses, netlink::list_addresses(socket));
  for (const netlink::AddressInfo& address : addresses) snapshot.addresses.push_back(seen(address));
  HOPYARD_TAKE(routes, netlink::list_routes(socket));
  HOPYARD_TAKE(nexthops, netlink::list_nexthops(socket));
  for (netlink::Route& route : routes) {
    netlink::resolve(route, nexthops);
    snapshot.routes.push_back(seen_route(route, names));
  }
  return snapshot;
}

}  // namespace hopyard::kernel
