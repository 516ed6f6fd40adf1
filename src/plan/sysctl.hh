#pragma once

#include <string_view>

namespace hopyard::plan {

/// Whether a sysctl is of one device ("net.ipv4.conf.eth0.rp_filter", "net.ipv6.neigh.eth0.…") and so is not
/// there before the device is. `all` and `default` are no devices, and lo is always there.
[[nodiscard]] bool needs_device(std::string_view name);

}  // namespace hopyard::plan
