#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/configuration.hh"
#include "keeper/description.hh"
#include "keeper/drift.hh"
#include "keeper/registry.hh"
#include "keeper/service_description.hh"
#include "net/snapshot.hh"

namespace hopyard::app {

/// What `show` was asked about: "", "LAB", "NODE" or "LAB/NODE", with the lab of -l.
struct Shown {
  bool is_node = false;
  keeper::Description description;  ///< of the lab, or the node (or network) alone with its links
  std::vector<keeper::ProcessDescription> processes;
  std::vector<keeper::ServiceDescription> services;  ///< of a node
  net::Snapshot now;                                 ///< of a node: what its kernel has, whoever put it there
  keeper::DriftReport drift;                         ///< in what it is not as the lab has it
};

/// True for link-local and multicast destinations of IPv6, which every interface has by itself.
[[nodiscard]] bool is_link_local(const net::Route& route);

/// The daemons' configurations of a node. @p what "NODE" or "LAB/NODE".
[[nodiscard]] Result<std::vector<keeper::ConfigurationFile>> show_configuration(
    const keeper::Registry& registry, const std::string& lab, const std::string& what);

/// What people look for among the routes of a node: not those of the kernel's own table, nor the link-local
/// and multicast ones that every interface has.
[[nodiscard]] std::vector<net::SeenRoute> telling_routes(const net::Snapshot& now);

/// "kernel", "static" and so on for the protocol of a route (rtnetlink(7), /etc/iproute2/rt_protos); else its
/// number.
[[nodiscard]] std::string protocol_name(std::uint8_t protocol);

/// A word that is both a running lab and a node means the lab; with -l, and after "LAB/", it is a node.
[[nodiscard]] Result<Shown> show(const keeper::Registry& registry, const std::string& lab,
                                 const std::string& what);

}  // namespace hopyard::app
