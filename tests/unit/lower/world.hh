#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lab/lab.hh"
#include "net/route.hh"

/// What packets do in a lab, worked out in the plainest way, to hold computed routes against. Nothing here is
/// shared with the routing that is tested: distances come from relaxing all edges until nothing changes,
/// forwarding from a linear search for the longest prefix.
namespace hopyard::lower::test {

/// A node's way on: which of its interfaces, to which address.
using Way = std::pair<std::string, IpAddress>;

struct Step {
  enum class Kind : std::uint8_t { Here, OnLink, Forward, Unreachable };
  Kind kind = Kind::Unreachable;
  std::uint32_t subnet = lab::none;  ///< OnLink
  std::set<Way> ways;                ///< Forward
};

class World {
 public:
  using Distance = std::uint64_t;
  static constexpr Distance far = UINT64_MAX / 4;

  /// A prefix on a broadcast domain.
  struct Subnet {
    std::uint32_t segment;
    Prefix prefix;
  };
  struct Port {
    std::uint32_t node;
    std::uint32_t interface;
    std::uint32_t subnet;
    IpAddress address;
    Distance cost;
  };
  /// Where something is: a subnet, or on a node's lo.
  struct Place {
    std::uint32_t subnet = lab::none;
    std::uint32_t node = lab::none;
  };
  /// Distances to a set of places.
  struct Map {
    std::vector<Distance> node;
    std::vector<Distance> subnet;
  };

  World(const lab::Lab& lab, std::vector<std::vector<net::Route>> routes, Family family);

  [[nodiscard]] const std::vector<Subnet>& subnets() const { return subnets_; }
  [[nodiscard]] const std::vector<Port>& ports() const { return ports_; }
  [[nodiscard]] bool forwards(std::uint32_t node) const;
  /// All prefixes of the lab and where they are.
  [[nodiscard]] std::map<Prefix, std::vector<Place>> prefixes() const;
  [[nodiscard]] Map distances(const std::vector<Place>& places) const;
  /// The ways from @p node that are shortest towards the places of @p map.
  [[nodiscard]] std::set<Way> shortest_ways(std::uint32_t node, const Map& map) const;
  /// What @p node does with a packet for @p address, by its addresses and routes.
  [[nodiscard]] Step step(std::uint32_t node, const IpAddress& address) const;
  /// The node that a way leads to; none if nobody there has the address, or it is not on the interface's
  /// link.
  [[nodiscard]] std::uint32_t behind(std::uint32_t node, const Way& way) const;

 private:
  const lab::Lab& lab_;
  std::vector<std::vector<net::Route>> routes_;
  Family family_;
  std::vector<Subnet> subnets_;
  std::vector<Port> ports_;
};

}  // namespace hopyard::lower::test
