#include "netlink/generic.hh"

#include <linux/genetlink.h>

#include <cerrno>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"

namespace hopyard::netlink {

std::optional<GenericFamily> read_family(const nlmsghdr& message) {
  const auto parts = split<genlmsghdr>(message);
  if (!parts) return std::nullopt;
  const AttributeTable<CTRL_ATTR_FAMILY_NAME> table(parts->attributes);
  return GenericFamily{table[CTRL_ATTR_FAMILY_ID].as<std::uint16_t>().value_or(0),
                       std::string(table[CTRL_ATTR_FAMILY_NAME].text())};
}

Result<std::uint16_t> generic_family(Socket& socket, std::string_view name) {
  genlmsghdr header{};
  header.cmd = CTRL_CMD_GETFAMILY;
  header.version = 1;
  HOPYARD_TAKE(families, list(socket, GENL_ID_CTRL, header, read_family));
  for (const GenericFamily& one : families)
    if (one.name == name) return one.number;
  return failure("find the generic netlink family", std::string(name), ENOENT);
}

Result<> begin_generic(Batch& batch, std::uint16_t family, std::uint8_t command, std::uint8_t version,
                       int forgiven) {
  HOPYARD_TRY(batch.begin(family, 0, forgiven));
  genlmsghdr header{};
  header.cmd = command;
  header.version = version;
  batch.put_header(header);
  return {};
}

}  // namespace hopyard::netlink
