#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/service.hh"

namespace hopyard::keeper {

/// A daemon that can be started in a node by its name although the lab file has no service for it: how it
/// runs in the foreground, and what it needs before.
struct KnownDaemon {
  std::string_view name;     ///< as its unit is called in Debian, without ".service"
  std::string_view alias;    ///< another name of the unit; may be empty
  std::string_view about;    ///< one line for a person
  std::string_view program;  ///< that runs as its main process
  std::string_view package;  ///< of Debian
  std::vector<std::string_view> command;
  std::vector<net::Folder> folders;
  std::string_view ready;  ///< a file that it makes once it serves
  int reload_signal = 1;   ///< SIGHUP
};

/// All of them, by name. FRR, which is a group of daemons, is none of them (frr_daemons.hh).
[[nodiscard]] const std::vector<KnownDaemon>& known_daemons();
/// The one of that name or alias; nullptr for none.
[[nodiscard]] const KnownDaemon* find_known_daemon(std::string_view name);
/// As a service of a node, started again when it fails.
[[nodiscard]] net::Service service_of(const KnownDaemon& daemon);

/// The name of the unit that does nothing in a node, and is there: interfaces are the lab's.
inline constexpr std::string_view networking_unit = "networking";
/// The name of the unit that is a group.
inline constexpr std::string_view frr_unit = "frr";

/// True for a name that units have in every node: a known daemon, FRR, networking.
[[nodiscard]] bool is_unit_of_every_node(std::string_view name);

}  // namespace hopyard::keeper
