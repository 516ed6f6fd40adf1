#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "keeper/supervisor.hh"
#include "keeper/units.hh"

namespace hopyard::keeper {

/// A unit that was ordered to start or to stop, and is waited for.
struct UnitJob {
  std::string unit;
  Supervisor::Order order;
  std::vector<std::string> services;
};

/// What a program of a node is answered: text for its standard output and error, and its exit status, once
/// all jobs are done.
struct UnitAnswer {
  std::string out;
  std::string err;
  int status = 0;
  std::vector<UnitJob> jobs;
  bool wait = true;  ///< for the jobs, before anything is answered
};

/// Does what systemctl(1), service(8) and the scripts of /etc/init.d are asked in a node. Exit statuses are
/// those of systemctl(1), which are the LSB's for `status`: 0 active, 3 not active, 4 no such unit; 5 to
/// start what is not there.
class UnitCommands {
 public:
  UnitCommands(Units& units, Supervisor& supervisor) : units_(units), supervisor_(supervisor) {}

  /// @param words the program's name, "systemctl" or "service", and its arguments; "service" has the unit
  /// before the verb.
  [[nodiscard]] UnitAnswer answer(std::vector<std::string> words);
  /// A job that has failed: why, and its exit status, go to @p answer. Its services are given up.
  void failed(const UnitJob& job, const Error& error, UnitAnswer& answer);
  /// Stops those of the services that were started by hand and have not come to be ready: they were never
  /// well, and to try for ever would help nobody.
  void give_up(const std::vector<std::string>& services);

 private:
  struct Request;
  [[nodiscard]] UnitAnswer systemctl(std::vector<std::string> words);
  [[nodiscard]] UnitAnswer service(const std::vector<std::string>& words);
  [[nodiscard]] UnitAnswer carry_out(const Request& request);
  void give(const Unit& unit, Supervisor::Order order, UnitAnswer& answer);
  void start(const Unit& unit, Supervisor::Order order, UnitAnswer& answer);
  void stop(const Unit& unit, UnitAnswer& answer);
  void reload(const Unit& unit, bool or_restart, UnitAnswer& answer);
  void enable(const Unit& unit, const Request& request, UnitAnswer& answer);
  void is(const Request& request, UnitAnswer& answer) const;
  void status(const Unit& unit, UnitAnswer& answer) const;
  [[nodiscard]] bool starts_with_the_node(const Unit& unit) const;
  void list(UnitAnswer& answer) const;

  Units& units_;
  Supervisor& supervisor_;
};

}  // namespace hopyard::keeper
