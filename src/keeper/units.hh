#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "keeper/known_daemons.hh"
#include "keeper/supervisor.hh"
#include "net/desired.hh"

namespace hopyard::keeper {

/// What one name means to systemctl(1) in a node.
struct Unit {
  std::string name;   ///< as Debian calls it, without ".service"
  std::string about;  ///< one line for a person
  bool known = false;
  std::vector<std::string> services;    ///< of the node, that it stands for now; may be empty
  const KnownDaemon* daemon = nullptr;  ///< what would be started if there are none
};

/// The states of a unit as systemctl(1) has them.
enum class UnitState : std::uint8_t { Active, Activating, Deactivating, Inactive, Failed };
[[nodiscard]] std::string_view state_name(UnitState state);

/// The units of one node: its services, the daemons that it could start, FRR as a group, and networking.
/// Runs in the node, as its init.
class Units {
 public:
  /// All that is referred to outlives the units.
  Units(const net::Machine& machine, std::span<const std::string> environment, Supervisor& supervisor)
      : machine_(machine), environment_(environment), supervisor_(supervisor) {}

  /// @param name with ".service" or without. A name that is none gives a unit that is not known.
  [[nodiscard]] Unit find(std::string_view name) const;
  [[nodiscard]] UnitState state(const Unit& unit) const;
  /// Makes the services that have to be started for the unit, with the folders that they need.
  /// @return their names; none for networking. An error when its program is not installed, or there is no
  /// such unit; with a code when something else is wrong.
  [[nodiscard]] Result<std::vector<std::string>> prepare(const Unit& unit);
  /// The process to be told by a signal that its configuration has changed, and the signal; 0 for none: what
  /// has no such signal has to be started again.
  [[nodiscard]] std::pair<pid_t, int> reload_signal(const Unit& unit) const;
  /// Every unit that has services now, by name.
  [[nodiscard]] std::vector<Unit> all() const;
  [[nodiscard]] const ServiceDescription* service(std::string_view name) const {
    return supervisor_.find(name);
  }
  /// True for a service of the lab file, or that Hopyard made from it: it starts with the node.
  [[nodiscard]] bool is_of_the_lab(std::string_view service) const;
  [[nodiscard]] bool has_failed(std::string_view service) const { return supervisor_.has_failed(service); }

 private:
  [[nodiscard]] bool is_installed(const std::string& program) const;
  [[nodiscard]] std::vector<net::Service> wanted_of_frr() const;
  [[nodiscard]] Result<std::vector<std::string>> prepare_frr(const Unit& unit);
  /// Those that run the daemon's program, under whatever name the lab file has for them.
  [[nodiscard]] std::vector<std::string> that_run(const KnownDaemon& daemon) const;

  const net::Machine& machine_;
  std::span<const std::string> environment_;
  Supervisor& supervisor_;
};

}  // namespace hopyard::keeper
