#include "kernel/there_already.hh"

#include <algorithm>
#include <tuple>

#include "net/route.hh"
#include "netlink/address.hh"

namespace hopyard::kernel {
namespace {

auto identity(const netlink::Route& route) {
  return std::tuple(route.to, route.table, net::effective_metric(route.to.family(), route.metric));
}

}  // namespace

Result<bool> there_already(netlink::Socket& socket, std::uint32_t index, const InterfaceAddress& address) {
  HOPYARD_TAKE(addresses, netlink::list_addresses(socket));
  return std::ranges::any_of(addresses, [&](const netlink::AddressInfo& one) {
    return one.index == index && one.address == address;
  });
}

Result<bool> there_already(netlink::Socket& socket, const netlink::Route& route) {
  HOPYARD_TAKE(routes, netlink::list_routes(socket));
  return std::ranges::any_of(routes,
                             [&](const netlink::Route& one) { return identity(one) == identity(route); });
}

Result<bool> there_already(netlink::Socket& socket, const netlink::Rule& rule) {
  HOPYARD_TAKE(rules, netlink::list_rules(socket));
  return std::ranges::any_of(rules, [&](const netlink::Rule& one) { return netlink::fits(rule, one); });
}

}  // namespace hopyard::kernel
