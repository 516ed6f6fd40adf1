#pragma once

#include <string>

#include "net/desired.hh"

namespace hopyard::plan {

/// Making a device that has a type, for a person: "create vlan r1:eth0.10 on eth0 (id 10, mtu 1500)".
[[nodiscard]] std::string device_text(const net::Namespace& ns, const net::Device& device,
                                      const net::Desired& desired);

}  // namespace hopyard::plan
