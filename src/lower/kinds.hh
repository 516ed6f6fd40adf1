#pragma once

#include "lab/lab.hh"
#include "net/desired.hh"

/// Each kind of node as a namespace: its devices, in the order of its interfaces, not yet wired to anything.
/// A kind is one file with one function; `node_namespace` chooses.
namespace hopyard::lower {

[[nodiscard]] net::Namespace node_namespace(const lab::Lab& lab, const lab::Node& node);

/// What all kinds of nodes have in common: names, loopback, rulesets, rules, what the person gave; a veth end
/// for each interface.
[[nodiscard]] net::Namespace common(const lab::Node& node);

[[nodiscard]] net::Namespace host(const lab::Node& node);
/// A virtual machine: for each interface a bridge of its wire and a tap, and QEMU between the taps.
[[nodiscard]] net::Namespace vm(const lab::Lab& lab, const lab::Node& node);
[[nodiscard]] net::Namespace router(const lab::Node& node);
/// A switch, or a hub: a bridge with the interfaces for its ports.
[[nodiscard]] net::Namespace switch_or_hub(const lab::Lab& lab, const lab::Node& node);
/// A switch that Open vSwitch makes: its ports, and the services that forward between them.
[[nodiscard]] net::Namespace open_vswitch(const lab::Lab& lab, const lab::Node& node);
/// A container that runs already: its own namespace, with the lab's interfaces beside its own.
[[nodiscard]] net::Namespace container(const lab::Lab& lab, const lab::Node& node);
/// What the lab has on the host for the sake of one of its interfaces.
[[nodiscard]] net::Namespace external(const lab::Lab& lab, const lab::Node& node);
/// The namespace of a network: its bridge, without ports yet.
[[nodiscard]] net::Namespace network(const lab::Lab& lab, const lab::Network& network);

/// Where the device of interface @p interface stands among the devices of @p node's namespace.
[[nodiscard]] std::uint32_t device_index(const lab::Node& node, std::uint32_t interface);

/// Puts @p given after @p computed; a name that is in both has the given value only.
[[nodiscard]] std::vector<net::Sysctl> merged(std::vector<net::Sysctl> computed,
                                              const std::vector<net::Sysctl>& given);
/// Packets of others are forwarded, of both families.
[[nodiscard]] std::vector<net::Sysctl> forwarding();
/// A namespace that only bridges speaks no IPv6 of its own: no neighbour discovery, no listener reports on
/// the wire.
[[nodiscard]] std::vector<net::Sysctl> silence();

}  // namespace hopyard::lower
