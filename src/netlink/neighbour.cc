#include "netlink/neighbour.hh"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

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

}  // namespace hopyard::netlink
