#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/desired.hh"

namespace hopyard::plan {

/// What one operation does; the order of the words is the order within a namespace.
enum class Verb : std::uint8_t {
  CreateNamespace,  ///< and brings lo up
  WriteSysctl,      ///< item: Namespace::sysctls; those of a device once it is there
  CreateVeth,       ///< device: the end that makes the pair; both ends at once, each where it belongs
  CreateBridge,     ///< device
  CreateDevice,  ///< device of Kind::Other or Moved; one that stands on a device is made once that is there
  CreateTap,     ///< device
  LoadRuleset,   ///< item: Namespace::rulesets; before anything is up, so that nothing passes without it
  Shape,         ///< device: its egress impairment
  SumFirst,      ///< device: from now on makes the checksums of what it sends
  SetUp,         ///< device: joins its bridge if it has one, and goes up
  AddAddress,    ///< device (none for lo), item: its addresses
  AddNeighbour,  ///< device, item: its neighbours
  AddRoute,      ///< item: Namespace::routes
  AddRule,       ///< item: Namespace::rules
  SetDown,   ///< device: goes down; its routes and IPv6 addresses go with it (part of no plan from nothing:
             ///< `fail`)
  MakeRoom,  ///< device: removes what has its place without being it (`repair`)
  Adjust,    ///< device, item: which of name, MAC, MTU and bridge are put right (net::Adjustment; `repair`)
};

/// One step towards the lab. Refers to the Desired it was planned from.
struct Operation {
  Verb verb;
  std::uint32_t ns;
  std::uint32_t device = net::none;
  std::uint32_t item = net::none;
  friend bool operator==(const Operation&, const Operation&) = default;
};

/// Steps in an order that works: first all namespaces with what belongs to them alone, then all links, then
/// what needs the links, namespace by namespace; and when everything is up, what needs that. Operations of
/// one stage on different namespaces may run side by side.
struct Plan {
  std::vector<Operation> namespaces;  ///< CreateNamespace, WriteSysctl of what every namespace has
  std::vector<Operation> links;  ///< CreateVeth, CreateBridge, CreateTap, CreateDevice on a device elsewhere
  std::vector<Operation>
      settings;                 ///< the rest, all of one namespace together, in the order of the namespaces
  std::vector<Operation> last;  ///< WriteSysctl of what devices overwrite when they come up
  [[nodiscard]] std::size_t size() const {
    return namespaces.size() + links.size() + settings.size() + last.size();
  }
};

/// From nothing to @p desired.
[[nodiscard]] Plan plan(const net::Desired& desired);

/// The operation for a person: "create veth r1:eth0 -- r2:eth0 (mtu 9000)".
[[nodiscard]] std::string describe(const Operation& operation, const net::Desired& desired);
/// The parts of it: " delay 20ms loss 1%" with a space before each, "10.0.0.0/8 via 10.1.0.1 dev eth0",
/// " priority 100 from 10.1.0.0/16 lookup 7".
[[nodiscard]] std::string impairment_words(const net::Impairment& egress);
[[nodiscard]] std::string route_words(const net::Route& route);
[[nodiscard]] std::string rule_words(const net::Rule& rule);
/// What would undo it: "delete namespace r1"; empty when it goes with its namespace or link.
[[nodiscard]] std::string describe_undo(const Operation& operation, const net::Desired& desired);
/// Where the person asked for it.
[[nodiscard]] Span reason(const Operation& operation, const net::Desired& desired);

}  // namespace hopyard::plan
