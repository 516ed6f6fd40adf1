#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/service.hh"

namespace hopyard::keeper {

/// True for the name of a daemon of FRR ("bgpd").
[[nodiscard]] bool is_frr_daemon(std::string_view name);

/// The services that a node's /etc/frr/daemons asks for, zebra first, as FRR's own frrinit.sh reads the file:
/// zebra and staticd always, the others that are "yes", with their options. A daemon with a file of its own
/// reads that; else vtysh gives it what /etc/frr/frr.conf has for it.
/// @param text of the file. @param has tells whether the node has a file of that path.
[[nodiscard]] std::vector<net::Service> frr_services(std::string_view text, bool (*has)(const std::string&));

}  // namespace hopyard::keeper
