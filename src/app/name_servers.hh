#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/prepare.hh"
#include "base/ip.hh"
#include "lab/lab.hh"

namespace hopyard::app {

/// Whom the host asks for names.
struct HostNameServers {
  std::vector<IpAddress> servers;  ///< those that others than the host itself can ask, at most three
  bool only_own = false;           ///< it has some, and they are all on its own loopback
  bool own_four = false;           ///< one of them is there, 127.0.0.53 and the like
  bool own_six = false;            ///< one is at ::1
};

/// What a resolv.conf(5) says.
[[nodiscard]] HostNameServers read_name_servers(std::string_view resolv_conf);
/// What /etc/resolv.conf says, and where that is systemd-resolved's own stub, what this one asks.
[[nodiscard]] HostNameServers host_name_servers();
/// Whom nodes with a way out ask. A way out of an ordinary user leads to servers on the host's loopback, too.
[[nodiscard]] std::vector<IpAddress> name_servers_for_labs();

/// Nodes with a way out to the host's network that have no name servers of their own ask @p servers.
void give_name_servers(lab::Lab& lab, const std::vector<IpAddress>& servers);

/// True when there is a node that give_name_servers() is for.
[[nodiscard]] bool wants_name_servers(const lab::Lab& lab);

/// A warning when such nodes will have no name servers, for the host's are on its loopback; empty for none.
[[nodiscard]] std::string warn_of_name_servers(const Prepared& prepared);

}  // namespace hopyard::app
