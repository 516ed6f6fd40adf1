#include "netlink/link_name.hh"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"

namespace hopyard::netlink {

namespace {

void put_name(Batch& batch, std::uint32_t index, std::string_view name) {
  ifinfomsg header{};
  header.ifi_index = static_cast<int>(index);
  batch.put_header(header);
  const std::size_t list = batch.open(IFLA_PROP_LIST);
  batch.put_text(IFLA_ALT_IFNAME, name);
  batch.close(list);
}

}  // namespace

Result<> add_alternative_name(Batch& batch, std::uint32_t index, std::string_view name) {
  HOPYARD_TRY(batch.begin(RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND));
  put_name(batch, index, name);
  return {};
}

Result<> remove_alternative_name(Batch& batch, std::uint32_t index, std::string_view name) {
  HOPYARD_TRY(batch.begin(RTM_DELLINKPROP, 0));
  put_name(batch, index, name);
  return {};
}

Result<std::optional<LinkInfo>> find_link(Socket& socket, std::string_view alternative_name) {
  HOPYARD_TAKE(
      found, list(socket, RTM_GETLINK, ifinfomsg{}, [&](const nlmsghdr& message) -> std::optional<LinkInfo> {
        const auto parts = split<ifinfomsg>(message);
        bool has = false;
        if (parts)
          for_each_attribute(AttributeTable<IFLA_PROP_LIST>(parts->attributes)[IFLA_PROP_LIST].payload(),
                             [&](std::uint16_t type, const Attribute& value) {
                               has = has || (type == IFLA_ALT_IFNAME && value.text() == alternative_name);
                             });
        return has ? read_link(message) : std::nullopt;
      }));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<> delete_link(Batch& batch, std::string_view alternative_name) {
  HOPYARD_TRY(batch.begin(RTM_DELLINK, 0));
  batch.put_header(ifinfomsg{});
  batch.put_text(IFLA_ALT_IFNAME, alternative_name);
  return {};
}

}  // namespace hopyard::netlink
