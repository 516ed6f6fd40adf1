#pragma once

#include <string>

#include "lab/lab.hh"
#include "net/desired.hh"

/// Switches that Open vSwitch makes: each has a database and a daemon of its own, which run in its node.
namespace hopyard::lower {

/// What an empty database of the switch is told: transactions of OVSDB (RFC 7047), each on a line of its own,
/// in the order in which they are run (ovs-vswitchd.conf.db(5)).
/// @param bridge_mac of its bridge.
[[nodiscard]] std::string ovs_transactions(const lab::Node& node, const Mac& bridge_mac);

/// Lets who is wired to such a switch make the checksums of what it sends: the datapath in user space takes
/// frames from the wire as they are. @p desired holds all nodes in the order of the lab, and their wires.
void sum_before_ovs(const lab::Lab& lab, net::Desired& desired);

}  // namespace hopyard::lower
