#pragma once

#include <string>
#include <string_view>

namespace hopyard::plan {

/// Whether a sysctl is of one device ("net.ipv4.conf.eth0.rp_filter", "net.ipv6.neigh.eth0.…") and so is not
/// there before the device is. `all` and `default` are no devices, and lo is always there.
[[nodiscard]] bool needs_device(std::string_view name);

/// The device that overwrites a setting whenever it comes up, when IPv6 begins there: of net.ipv6.conf.IF.mtu
/// the interface, "eth0.100" for eth0/100 (addrconf_notify of net/ipv6/addrconf.c). Empty for all others.
[[nodiscard]] std::string overwritten_by(std::string_view name);

}  // namespace hopyard::plan
