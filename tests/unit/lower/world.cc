#include "tests/unit/lower/world.hh"

#include <algorithm>

#include "lab/segments.hh"

namespace hopyard::lower::test {

World::World(const lab::Lab& lab, std::vector<std::vector<net::Route>> routes, Family family)
    : lab_(lab), routes_(std::move(routes)), family_(family) {
  const auto segments = lab::segments(lab);
  for (std::uint32_t s = 0; s < segments.size(); ++s)
    for (const auto& member : segments[s].members) {
      const lab::Interface& interface = lab.nodes[member.node].interfaces[member.interface];
      for (const InterfaceAddress& one : interface.addresses) {
        if (one.address.family() != family) continue;
        const auto found = std::find_if(subnets_.begin(), subnets_.end(), [&](const Subnet& subnet) {
          return subnet.segment == s && subnet.prefix == one.prefix();
        });
        const auto index = static_cast<std::uint32_t>(found - subnets_.begin());
        if (found == subnets_.end()) subnets_.push_back({s, one.prefix()});
        ports_.push_back({member.node, member.interface, index, one.address, lab.links[interface.link].cost});
      }
    }
}

bool World::forwards(std::uint32_t node) const {
  return lab_.nodes[node].kind == lab::Kind::Router && lab_.nodes[node].routing == lab::Routing::Static;
}

std::map<Prefix, std::vector<World::Place>> World::prefixes() const {
  std::map<Prefix, std::vector<Place>> found;
  for (std::uint32_t i = 0; i < subnets_.size(); ++i) found[subnets_[i].prefix].push_back({i, lab::none});
  for (std::uint32_t i = 0; i < lab_.nodes.size(); ++i)
    for (const InterfaceAddress& one : lab_.nodes[i].loopback)
      if (one.address.family() == family_) found[one.prefix()].push_back({lab::none, i});
  return found;
}

World::Map World::distances(const std::vector<Place>& places) const {
  Map map{std::vector<Distance>(lab_.nodes.size(), far), std::vector<Distance>(subnets_.size(), far)};
  for (const Place& place : places) {
    if (place.node != lab::none)
      map.node[place.node] = 0;
    else
      map.subnet[place.subnet] = 0;
  }
  for (bool changed = true; changed;) {
    changed = false;
    const auto lower_to = [&](Distance& value, Distance other) {
      changed = changed || other < value;
      value = std::min(value, other);
    };
    for (const Port& port : ports_) {
      // From a subnet only to what forwards, or is itself a place; from a node only if it forwards.
      if (forwards(port.node) || map.node[port.node] == 0)
        lower_to(map.subnet[port.subnet], map.node[port.node]);
      if (forwards(port.node)) lower_to(map.node[port.node], map.subnet[port.subnet] + port.cost);
    }
  }
  return map;
}

std::set<Way> World::shortest_ways(std::uint32_t node, const Map& map) const {
  std::set<Way> ways;
  for (const Port& out : ports_) {
    if (out.node != node || map.subnet[out.subnet] + out.cost != map.node[node]) continue;
    for (const Port& in : ports_)
      if (in.subnet == out.subnet && in.node != node && map.node[in.node] == map.subnet[out.subnet])
        ways.insert({lab_.nodes[node].interfaces[out.interface].name, in.address});
  }
  return ways;
}

Step World::step(std::uint32_t node, const IpAddress& address) const {
  for (const InterfaceAddress& one : lab_.nodes[node].loopback)
    if (one.address == address || (family_ == Family::V4 && one.prefix().contains(address)))
      return {Step::Kind::Here, lab::none, {}};
  for (const Port& port : ports_)
    if (port.node == node && port.address == address) return {Step::Kind::Here, lab::none, {}};
  int longest = -1;
  Step step;
  // IPv6: the kernel routes the rest of lo's prefixes to lo, as it does for any other device.
  for (const InterfaceAddress& one : lab_.nodes[node].loopback)
    if (one.address.family() == family_ && one.prefix().contains(address) && one.length > longest) {
      longest = one.length;
      step.kind = Step::Kind::Here;
    }
  for (const Port& port : ports_) {
    const Prefix& prefix = subnets_[port.subnet].prefix;
    if (port.node != node || !prefix.contains(address) || prefix.length <= longest) continue;
    longest = prefix.length;
    step = {Step::Kind::OnLink, port.subnet, {}};
  }
  for (const net::Route& route : routes_[node]) {
    if (!route.to.contains(address) || route.to.length <= longest) continue;
    longest = route.to.length;
    step = {};
    if (route.type != net::Route::Type::Unicast) continue;
    step.kind = Step::Kind::Forward;
    for (const net::NextHop& hop : route.next_hops) {
      if (hop.via)
        step.ways.insert({hop.device, *hop.via});
      else if (hop.device == "lo")
        step = {Step::Kind::Here, lab::none, {}};
      else
        for (const Port& port : ports_)
          if (port.node == node && lab_.nodes[node].interfaces[port.interface].name == hop.device &&
              subnets_[port.subnet].prefix.contains(route.to))
            step = {Step::Kind::OnLink, port.subnet, {}};
    }
  }
  return step;
}

std::uint32_t World::behind(std::uint32_t node, const Way& way) const {
  for (const Port& out : ports_) {
    if (out.node != node || lab_.nodes[node].interfaces[out.interface].name != way.first) continue;
    for (const Port& in : ports_)
      if (in.subnet == out.subnet && in.address == way.second) return in.node;
  }
  return lab::none;
}

}  // namespace hopyard::lower::test
