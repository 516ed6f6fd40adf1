#include "kernel/seen.hh"

#include <linux/rtnetlink.h>

namespace hopyard::kernel {
namespace {

net::Route::Type type_of(std::uint8_t type) {
  switch (type) {
    case RTN_UNICAST:
      return net::Route::Type::Unicast;
    case RTN_UNREACHABLE:
      return net::Route::Type::Unreachable;
    case RTN_BLACKHOLE:
      return net::Route::Type::Blackhole;
    case RTN_PROHIBIT:
      return net::Route::Type::Prohibit;
    case RTN_LOCAL:
      return net::Route::Type::Local;
    default:
      return net::Route::Type::Other;
  }
}

}  // namespace

net::SeenRoute seen_route(const netlink::Route& info, const LinkNames& names) {
  net::SeenRoute seen;
  seen.protocol = info.protocol;
  seen.route.to = info.to;
  seen.route.type = type_of(info.type);
  seen.route.metric = info.metric;
  seen.route.table = info.table;
  seen.route.source = info.source;
  for (const netlink::Hop& hop : info.hops) {
    const auto name = names.find(hop.index);
    seen.route.next_hops.push_back({hop.via, name == names.end() ? std::string() : name->second, hop.weight});
  }
  return seen;
}

}  // namespace hopyard::kernel
