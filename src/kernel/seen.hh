#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "net/snapshot.hh"
#include "netlink/route.hh"

namespace hopyard::kernel {

/// Names of the devices of one namespace by their indices.
using LinkNames = std::unordered_map<std::uint32_t, std::string>;

/// A route in terms of net. A device that @p names does not have is left out.
[[nodiscard]] net::SeenRoute seen_route(const netlink::Route& info, const LinkNames& names);

}  // namespace hopyard::kernel
