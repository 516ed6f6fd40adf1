#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "keeper/directory.hh"
#include "net/desired.hh"
#include "plan/plan.hh"

namespace hopyard::keeper {

/// What brings a part of a lab back.
struct Recovery {
  /// A multipath route of which some ways are still down: added with the others.
  struct Reduced {
    plan::Operation step;  ///< AddRoute
    net::Route route;      ///< instead of the one in Desired
  };
  std::vector<plan::Operation> steps;
  std::vector<Reduced> reduced;       ///< after the steps
  std::vector<plan::Operation> last;  ///< sysctls, for whose sake nothing stays failed
};

/// What has been failed and not healed. A device is down as long as itself, its link or its node is failed:
/// to heal one of them does not bring up what another still holds down. Knows what is to be done, and does
/// nothing.
class Outages {
 public:
  /// @param desired, @param directory outlive this.
  Outages(const net::Desired& desired, const Directory& directory)
      : desired_(&desired), directory_(&directory) {}

  /// Steps that take down what was up until now; none when all was down already.
  [[nodiscard]] std::vector<plan::Operation> fail(const Target& target);
  /// What brings back what nothing else holds down: devices up, then their addresses, then the routes that go
  /// by them, then the settings that are overwritten on the way.
  [[nodiscard]] Recovery heal(const Target& target);

  [[nodiscard]] bool failed(const Target& target) const;
  [[nodiscard]] bool device_down(std::uint32_t ns, std::uint32_t device) const;
  /// True when the link passes nothing: one of its ends is down.
  [[nodiscard]] bool wire_down(std::uint32_t wire) const;

 private:
  using Place = std::pair<std::uint32_t, std::uint32_t>;  ///< namespace and device
  using Places = std::set<Place>;
  [[nodiscard]] std::vector<Place> places(const Target& target) const;
  void add_vlans(Places& back) const;
  /// Sysctls that devices overwrite when they come up.
  void add_overwritten(const Places& back, Recovery& recovery) const;
  void add_routes(std::uint32_t ns, const Places& back, Recovery& recovery) const;

  const net::Desired* desired_;
  const Directory* directory_;
  std::set<std::uint32_t> nodes_;
  std::set<std::uint32_t> wires_;
  Places devices_;
};

}  // namespace hopyard::keeper
