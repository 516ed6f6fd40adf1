#include <linux/if_team.h>

#include <cerrno>
#include <functional>

#include "kernel/types/types.hh"
#include "netlink/generic.hh"

namespace hopyard::kernel {

namespace {

// Types of attributes as the kernel's own net/netlink.h numbers them.
constexpr std::uint8_t number = 3;  // NLA_U32
constexpr std::uint8_t text = 5;    // NLA_STRING

Result<> set_option(netlink::Socket& generic, std::uint32_t index, const char* name, std::uint8_t type,
                    const std::function<void(netlink::Batch&)>& put_value) {
  HOPYARD_TAKE(family, netlink::generic_family(generic, TEAM_GENL_NAME));
  netlink::Batch batch(generic);
  // Once it is done the kernel tells listeners, and takes it for an error that there are none.
  HOPYARD_TRY(netlink::begin_generic(batch, family, TEAM_CMD_OPTIONS_SET, TEAM_GENL_VERSION, ESRCH));
  batch.put_u32(TEAM_ATTR_TEAM_IFINDEX, index);
  const std::size_t list = batch.open(TEAM_ATTR_LIST_OPTION);
  const std::size_t item = batch.open(TEAM_ATTR_ITEM_OPTION);
  batch.put_text(TEAM_ATTR_OPTION_NAME, name);
  batch.put_u8(TEAM_ATTR_OPTION_TYPE, type);
  put_value(batch);
  batch.close(item);
  batch.close(list);
  return batch.commit();
}

}  // namespace

/// Until it has a mode, a team drops everything; and a mode has to come before its ports.
Result<> configure_team(netlink::Socket& generic, std::uint32_t index, const net::LinkSettings& link) {
  return set_option(generic, index, "mode", text, [&](netlink::Batch& batch) {
    batch.put_text(TEAM_ATTR_OPTION_DATA, net::team_modes[link.mode]);
  });
}

bool needs_active_port(const net::LinkSettings& link) {
  return link.type == net::LinkType::Team && net::team_modes[link.mode] == "activebackup";
}

Result<> set_active_port(netlink::Socket& generic, std::uint32_t index, std::uint32_t port) {
  return set_option(generic, index, "activeport", number,
                    [&](netlink::Batch& batch) { batch.put_u32(TEAM_ATTR_OPTION_DATA, port); });
}

}  // namespace hopyard::kernel
