#include "lower/machines.hh"

#include <fmt/format.h>

#include <utility>

#include "lower/between.hh"
#include "lower/homes.hh"
#include "lower/kinds.hh"

namespace hopyard::lower {
namespace {

class Part {
 public:
  Part(const lab::Lab& lab, net::Desired whole, std::uint32_t machine)
      : lab_(lab),
        whole_(std::move(whole)),
        machine_(machine),
        homes_(lab, whole_),
        namespaces_(whole_.namespaces.size(), net::none),
        devices_(whole_.namespaces.size()),
        tunnels_(lab, machine, part_) {}

  net::Desired take();

 private:
  void choose();
  void renumber(net::Namespace& ns, std::uint32_t was);
  void add_wires();
  void add_half(net::Wire wire, std::uint32_t index);
  /// The place of the local end of a wire on a bridge of its own, which goes on by a tunnel.
  void add_bridge(const net::Wire& wire, int near, std::uint32_t index);
  [[nodiscard]] bool has(std::uint32_t ns) const { return homes_.of_namespace(ns).contains(machine_); }

  const lab::Lab& lab_;
  net::Desired whole_;
  std::uint32_t machine_;
  Homes homes_;
  std::vector<std::uint32_t> namespaces_;            ///< where each namespace of the whole is; none: not here
  std::vector<std::vector<std::uint32_t>> devices_;  ///< and where its devices are
  net::Desired part_;
  Tunnels tunnels_;
};

/// Which namespaces and devices are here.
void Part::choose() {
  for (std::uint32_t ns = 0; ns < whole_.namespaces.size(); ++ns) {
    const std::size_t count = whole_.namespaces[ns].devices.size();
    devices_[ns].assign(count, 0);
  }
  for (std::uint32_t i = 0; i < whole_.wires.size(); ++i) {
    const net::Wire& wire = whole_.wires[i];
    const std::uint32_t home = homes_.of_wire(i);
    for (int end = 0; end < 2; ++end)
      if (home != net::none && home != machine_ && has(wire.namespaces[end]))
        devices_[wire.namespaces[end]][wire.devices[end]] = net::none;  // a port for a node elsewhere
  }
  std::uint32_t kept = 0;
  for (std::uint32_t ns = 0; ns < whole_.namespaces.size(); ++ns) {
    if (has(ns)) namespaces_[ns] = kept++;
    std::uint32_t next = 0;
    for (std::uint32_t& device : devices_[ns])
      if (device != net::none) device = next++;
  }
}

void Part::renumber(net::Namespace& ns, std::uint32_t was) {
  std::vector<net::Device> kept;
  for (std::uint32_t i = 0; i < ns.devices.size(); ++i) {
    if (devices_[was][i] == net::none) continue;
    net::Device& one = kept.emplace_back(std::move(ns.devices[i]));
    if (one.master != net::none) one.master = devices_[was][one.master];
    if (one.peer_namespace != net::none) {
      one.peer_device = devices_[one.peer_namespace][one.peer_device];
      one.peer_namespace = namespaces_[one.peer_namespace];
    }
    if (one.link && one.link->lower_namespace != net::none) {
      auto link = std::make_shared<net::LinkSettings>(*one.link);
      if (link->lower_device != net::none)
        link->lower_device = devices_[link->lower_namespace][link->lower_device];
      link->lower_namespace = namespaces_[link->lower_namespace];
      one.link = std::move(link);
    }
  }
  ns.devices = std::move(kept);
}

void Part::add_bridge(const net::Wire& wire, int near, std::uint32_t index) {
  const std::uint32_t ns = namespaces_[wire.namespaces[near]];
  const auto segment = static_cast<std::uint32_t>(part_.namespaces.size());
  lab::Network like;
  like.name = wire.name;
  like.at = wire.origin;
  net::Namespace made = network(lab_, like);
  made.role = net::Namespace::Role::Between;
  {
    net::Device& end = part_.namespaces[ns].devices[wire.devices[near]];
    net::Device port;
    port.name = end.name;
    port.mac = Mac::derived(lab_.name, wire.name, fmt::format("port on {}", lab_.machines[machine_].name));
    port.mtu = end.mtu;
    port.master = 0;
    port.peer_namespace = ns;
    port.peer_device = wire.devices[near];
    port.origin = wire.origin;
    port.sums_first = lab::is_ovs(lab_.nodes[wire.namespaces[near]]);
    end.makes_pair = true;
    end.peer_namespace = segment;
    end.peer_device = static_cast<std::uint32_t>(made.devices.size());
    made.devices.push_back(std::move(port));
  }
  part_.namespaces.push_back(std::move(made));
  const std::uint32_t there = lab_.nodes[wire.namespaces[1 - near]].on_machine;
  tunnels_.add(segment, {machine_, there}, homes_.id_of_wire(index));
}

/// A wire of which one end at most is here.
void Part::add_half(net::Wire wire, std::uint32_t index) {
  const bool ends[] = {has(wire.namespaces[0]), has(wire.namespaces[1])};
  if (!ends[0] && !ends[1]) return;
  const int near = ends[0] ? 0 : 1;
  const int far = 1 - near;
  const lab::Node& there = lab_.nodes[wire.namespaces[far]];
  const std::uint32_t ns = namespaces_[wire.namespaces[near]];
  // Tunnels of the lab's own have no wire: they go where the routes of their node lead.
  if (part_.namespaces[ns].devices[wire.devices[near]].kind == net::Device::Kind::Veth)
    add_bridge(wire, near, index);
  wire.far = {there.name, whole_.namespaces[wire.namespaces[far]].devices[wire.devices[far]].name,
              lab_.machines[there.on_machine].name};
  wire.namespaces[near] = ns;
  wire.namespaces[far] = net::none;
  wire.devices[far] = net::none;
  part_.wires.push_back(std::move(wire));
}

void Part::add_wires() {
  for (std::uint32_t i = 0; i < whole_.wires.size(); ++i) {
    net::Wire& wire = whole_.wires[i];
    const std::uint32_t home = homes_.of_wire(i);
    if (home == net::none) {
      add_half(std::move(wire), i);
    } else if (home == machine_) {
      for (int end = 0; end < 2; ++end) {
        wire.devices[end] = devices_[wire.namespaces[end]][wire.devices[end]];
        wire.namespaces[end] = namespaces_[wire.namespaces[end]];
      }
      part_.wires.push_back(std::move(wire));
    }
  }
}

net::Desired Part::take() {
  choose();
  part_.lab = whole_.lab;
  part_.merges_memory = whole_.merges_memory;
  part_.hosts = std::move(whole_.hosts);
  part_.machine = lab_.machines[machine_].name;
  for (const lab::Node& node : lab_.nodes)
    if (node.on_machine != lab::none && node.on_machine != machine_)
      part_.elsewhere.emplace_back(node.name, lab_.machines[node.on_machine].name);
  for (std::uint32_t ns = 0; ns < whole_.namespaces.size(); ++ns) {
    if (!has(ns)) continue;
    part_.namespaces.push_back(whole_.namespaces[ns]);
    renumber(part_.namespaces.back(), ns);
  }
  for (auto ns = static_cast<std::uint32_t>(lab_.nodes.size()); ns < whole_.namespaces.size(); ++ns)
    if (has(ns) && homes_.of_namespace(ns).size() > 1)
      tunnels_.add(namespaces_[ns], homes_.of_namespace(ns), homes_.id_of_namespace(ns));
  add_wires();
  return std::move(part_);
}

}  // namespace

net::Desired part_of(const lab::Lab& lab, net::Desired whole, std::uint32_t machine) {
  return Part(lab, std::move(whole), machine).take();
}

}  // namespace hopyard::lower
