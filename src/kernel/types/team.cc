#include <linux/if_team.h>

#include <cerrno>

#include "kernel/types/types.hh"
#include "netlink/generic.hh"

namespace hopyard::kernel {

/// Until it has a mode, a team drops everything; and a mode has to come before its ports.
Result<> configure_team(netlink::Socket& generic, std::uint32_t index, const net::LinkSettings& link) {
  HOPYARD_TAKE(family, netlink::generic_family(generic, TEAM_GENL_NAME));
  netlink::Batch batch(generic);
  // Once it is done the kernel tells listeners, and takes it for an error that there are none.
  HOPYARD_TRY(netlink::begin_generic(batch, family, TEAM_CMD_OPTIONS_SET, TEAM_GENL_VERSION, ESRCH));
  batch.put_u32(TEAM_ATTR_TEAM_IFINDEX, index);
  const std::size_t list = batch.open(TEAM_ATTR_LIST_OPTION);
  const std::size_t item = batch.open(TEAM_ATTR_ITEM_OPTION);
  batch.put_text(TEAM_ATTR_OPTION_NAME, "mode");
  batch.put_u8(TEAM_ATTR_OPTION_TYPE, 5);  // NLA_STRING of the kernel's net/netlink.h
  batch.put_text(TEAM_ATTR_OPTION_DATA, net::team_modes[link.mode]);
  batch.close(item);
  batch.close(list);
  return batch.commit();
}

}  // namespace hopyard::kernel
