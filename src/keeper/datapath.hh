#pragma once

#include <string>

#include "base/error.hh"

namespace hopyard::keeper {

/// Gives the device that Open vSwitch has made for its datapath in a switch ("ovs-netdev" in user space,
/// "ovs-system" in the kernel) the MAC that follows from the names of lab, node and device, as all others
/// have it, instead of a random one.
/// @param netns of the node.
[[nodiscard]] Result<> give_datapath_its_mac(int netns, const std::string& lab, const std::string& node);

}  // namespace hopyard::keeper
