#include "keeper/datapath.hh"

#include "base/mac.hh"
#include "netlink/link.hh"
#include "netlink/socket.hh"
#include "sys/netns.hh"

namespace hopyard::keeper {
namespace {

Result<netlink::Socket> open_inside(int netns) {
  HOPYARD_TAKE(home, sys::current_netns());
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns, home.get()));
  return netlink::Socket::open();
}

}  // namespace

Result<> give_datapath_its_mac(int netns, const std::string& lab, const std::string& node) {
  HOPYARD_TAKE(socket, open_inside(netns));
  HOPYARD_TAKE(links, netlink::list_links(socket));
  netlink::Batch batch(socket);
  for (const netlink::LinkInfo& link : links)
    if (link.name == "ovs-netdev" || link.name == "ovs-system")
      HOPYARD_TRY(netlink::set_mac(batch, link.index, Mac::derived(lab, node, link.name)));
  return batch.commit();
}

}  // namespace hopyard::keeper
