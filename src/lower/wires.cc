#include "lower/wires.hh"

#include <fmt/format.h>

#include <optional>

#include "lower/kinds.hh"
#include "lower/names.hh"

namespace hopyard::lower {
namespace {

using lab::End;

/// A network, and how it comes to be.
struct Attachments {
  std::vector<std::uint32_t> links;            ///< that end at it
  std::uint32_t bridge_namespace = net::none;  ///< none: a plain wire, or nothing at all
  std::optional<PortNames> ports;
  [[nodiscard]] bool is_wire() const { return bridge_namespace == net::none && links.size() == 2; }
};

/// One end of a wire to be.
struct Place {
  std::uint32_t ns;
  std::uint32_t device;
  std::uint32_t mtu;  ///< that the person gave this end, or 0
};

class Wiring {
 public:
  Wiring(const lab::Lab& lab, net::Desired& desired)
      : lab_(lab), desired_(desired), attached_(lab.networks.size()) {}

  void add_bridges(Diagnostics& diagnostics);
  void add_wires();

 private:
  [[nodiscard]] bool bridges(const Attachments& attachments) const;
  [[nodiscard]] Place node_end(const End& end) const;
  [[nodiscard]] Place port(const End& network, const End& other);
  [[nodiscard]] Place place(const lab::Link& link, int end);
  /// The end of a link to a network that is at the node.
  [[nodiscard]] const End& far_end(const lab::Link& link) const {
    return link.ends[0].to == End::To::Node ? link.ends[0] : link.ends[1];
  }
  [[nodiscard]] std::uint32_t network_of(const lab::Link& link) const;
  void add_link(const lab::Link& link);
  void connect(const Place& left, const Place& right, std::uint32_t mtu, const lab::Link& link);
  /// A link to the network behind an interface of the host, without a device there: the node's stands on that
  /// interface, or is that interface.
  void stand_on(const Place& node, const Place& external, std::uint32_t mtu, const lab::Link& link,
                bool first);
  void add_tunnel(const lab::Link& link);
  void add_pair(const lab::Link& first, const lab::Link& second, const lab::Network& network);
  net::Device& device(const Place& place) { return desired_.namespaces[place.ns].devices[place.device]; }
  void join(const Place& left, const Place& right, std::uint32_t mtu, std::string name, Span origin);

  const lab::Lab& lab_;
  net::Desired& desired_;
  std::vector<Attachments> attached_;
};

bool Wiring::bridges(const Attachments& attachments) const {
  if (attachments.links.size() != 2) return !attachments.links.empty();
  for (const std::uint32_t index : attachments.links) {
    const lab::Link& link = lab_.links[index];
    if (!link.out.none() || !link.back.none()) return true;
    if (link.ends[0].to == link.ends[1].to) return true;  // two networks
  }
  // An interface of one machine's host is no end of a wire that spans machines.
  const lab::Node& left = lab_.nodes[far_end(lab_.links[attachments.links[0]]).index];
  const lab::Node& right = lab_.nodes[far_end(lab_.links[attachments.links[1]]).index];
  return left.on_machine != right.on_machine &&
         (left.kind == lab::Kind::External || right.kind == lab::Kind::External);
}

void Wiring::add_bridges(Diagnostics& diagnostics) {
  for (std::uint32_t i = 0; i < lab_.links.size(); ++i)
    for (const End& end : lab_.links[i].ends)
      if (end.to == End::To::Network) attached_[end.index].links.push_back(i);
  for (std::size_t i = 0; i < attached_.size(); ++i) {
    const lab::Network& one = lab_.networks[i];
    if (attached_[i].links.empty())
      diagnostics.warning(one.at, fmt::format("nothing is attached to network '{}'", one.name),
                          fmt::format("link a node to it: NODE -- {}", one.name));
    if (!bridges(attached_[i])) continue;
    attached_[i].bridge_namespace = static_cast<std::uint32_t>(desired_.namespaces.size());
    desired_.namespaces.push_back(network(lab_, one));
    attached_[i].ports.emplace(desired_.namespaces.back().devices[0].name);
  }
}

Place Wiring::node_end(const End& end) const {
  const lab::Node& node = lab_.nodes[end.index];
  return {end.index, device_index(node, end.interface), node.interfaces[end.interface].mtu};
}

Place Wiring::port(const End& network, const End& other) {
  const std::string& name = lab_.networks[network.index].name;
  std::string behind;
  if (other.to == End::To::Network)
    behind = lab_.networks[other.index].name;
  else
    behind = fmt::format("{}-{}", lab_.nodes[other.index].name,
                         lab_.nodes[other.index].interfaces[other.interface].name);
  Attachments& attachments = attached_[network.index];
  net::Device port;
  port.name = attachments.ports->name(behind);
  port.mac = Mac::derived(lab_.name, name, port.name);
  port.master = 0;
  auto& devices = desired_.namespaces[attachments.bridge_namespace].devices;
  devices.push_back(std::move(port));
  return {attachments.bridge_namespace, static_cast<std::uint32_t>(devices.size() - 1), 0};
}

Place Wiring::place(const lab::Link& link, int end) {
  const End& here = link.ends[end];
  return here.to == End::To::Node ? node_end(here) : port(here, link.ends[1 - end]);
}

std::uint32_t Wiring::network_of(const lab::Link& link) const {
  for (const End& end : link.ends)
    if (end.to == End::To::Network) return end.index;
  return net::none;
}

/// Makes one veth pair of two devices. An end whose own MTU is given has it; otherwise both are as the other
/// end, or as @p mtu says.
void Wiring::join(const Place& left, const Place& right, std::uint32_t mtu, std::string name, Span origin) {
  const auto connect = [&](const Place& here, const Place& there, bool makes) {
    net::Device& one = device(here);
    one.makes_pair = makes;
    one.peer_namespace = there.ns;
    one.peer_device = there.device;
    one.mtu = here.mtu != 0 ? here.mtu : there.mtu != 0 ? there.mtu : mtu;
    if (!one.origin.known()) one.origin = origin;
  };
  connect(left, right, left.ns <= right.ns);
  connect(right, left, left.ns > right.ns);
  desired_.wires.push_back({std::move(name), {left.ns, right.ns}, {left.device, right.device}, origin});
}

/// Two devices that find each other over other wires.
void Wiring::add_tunnel(const lab::Link& link) {
  const Place ends[2] = {node_end(link.ends[0]), node_end(link.ends[1])};
  device(ends[0]).egress = link.out;
  device(ends[1]).egress = link.back;
  desired_.wires.push_back(
      {lab::link_name(lab_, link), {ends[0].ns, ends[1].ns}, {ends[0].device, ends[1].device}, link.at});
}

void Wiring::add_link(const lab::Link& link) {
  if (link.type) return add_tunnel(link);
  std::uint32_t mtu = link.mtu;
  for (const End& end : link.ends)
    if (mtu == 0 && end.to == End::To::Network) mtu = lab_.networks[end.index].mtu;
  connect(place(link, 0), place(link, 1), mtu, link);
}

void Wiring::connect(const Place& left, const Place& right, std::uint32_t mtu, const lab::Link& link) {
  if (device(right).kind == net::Device::Kind::Existing) return stand_on(left, right, mtu, link, true);
  if (device(left).kind == net::Device::Kind::Existing) return stand_on(right, left, mtu, link, false);
  join(left, right, mtu, lab::link_name(lab_, link), link.at);
  device(left).egress = link.out;
  device(right).egress = link.back;
}

void Wiring::stand_on(const Place& node, const Place& external, std::uint32_t mtu, const lab::Link& link,
                      bool first) {
  net::Device& own = device(node);
  net::LinkSettings settings;
  settings.type = net::LinkType::Macvlan;
  settings.lower_namespace = external.ns;
  settings.lower_device = external.device;
  const bool moves = lab_.nodes[external.ns].external.by == lab::External::By::Move;
  own.kind = moves ? net::Device::Kind::Moved : net::Device::Kind::Other;
  own.link = std::make_shared<const net::LinkSettings>(settings);
  own.mtu = node.mtu != 0 ? node.mtu : mtu;
  own.egress = first ? link.out : link.back;
  if (!own.origin.known()) own.origin = link.at;
  const Place& left = first ? node : external;
  const Place& right = first ? external : node;
  desired_.wires.push_back(
      {lab::link_name(lab_, link), {left.ns, right.ns}, {left.device, right.device}, link.at});
}

void Wiring::add_pair(const lab::Link& first, const lab::Link& second, const lab::Network& network) {
  lab::Link wire;
  wire.ends[0] = far_end(first);
  wire.ends[1] = far_end(second);
  const std::uint32_t mtu = first.mtu != 0 ? first.mtu : second.mtu != 0 ? second.mtu : network.mtu;
  wire.at = first.at;
  connect(node_end(wire.ends[0]), node_end(wire.ends[1]), mtu, wire);
}

void Wiring::add_wires() {
  for (std::uint32_t i = 0; i < lab_.links.size(); ++i) {
    const lab::Link& link = lab_.links[i];
    const std::uint32_t network = network_of(link);
    if (network == net::none || !attached_[network].is_wire())
      add_link(link);
    else if (const auto& both = attached_[network].links; both[0] == i)
      add_pair(link, lab_.links[both[1]], lab_.networks[network]);
  }
}

}  // namespace

void add_wires(const lab::Lab& lab, net::Desired& desired, Diagnostics& diagnostics) {
  desired.wires.reserve(lab.links.size());
  Wiring wiring(lab, desired);
  wiring.add_bridges(diagnostics);
  wiring.add_wires();
}

}  // namespace hopyard::lower
