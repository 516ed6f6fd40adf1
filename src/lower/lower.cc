#include "lower/lower.hh"

#include "lab/segments.hh"
#include "lower/daemons/daemons.hh"
#include "lower/hosting/hosting.hh"
#include "lower/hosts_file.hh"
#include "lower/kinds.hh"
#include "lower/neighbours.hh"
#include "lower/open_vswitch.hh"
#include "lower/own_devices.hh"
#include "lower/routes.hh"
#include "lower/routing/static_routes.hh"
#include "lower/rules.hh"
#include "lower/seed.hh"
#include "lower/signs.hh"
#include "lower/underlay.hh"
#include "lower/warnings.hh"
#include "lower/wires.hh"

namespace hopyard::lower {
net::Desired lower(const lab::Lab& lab, Diagnostics& diagnostics) {
  net::Desired desired;
  desired.lab = lab.name;
  desired.merges_memory = lab.merges_memory;
  desired.namespaces.reserve(lab.nodes.size() + lab.networks.size());
  for (const lab::Node& node : lab.nodes) desired.namespaces.push_back(node_namespace(lab, node));
  add_wires(lab, desired, diagnostics);
  sum_before_ovs(lab, desired);
  add_own_devices(lab, desired);
  place_rules(desired);
  const std::vector<lab::Segment> segments = lab::segments(lab);
  auto routes = routing::static_routes(lab, segments);
  keep_outer_packets_out(lab, segments, routes);
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) {
    routes[i] = merged(std::move(routes[i]), lab.nodes[i].routes);
    if (lab.nodes[i].kind != lab::Kind::Vm) desired.namespaces[i].routes = std::move(routes[i]);
  }
  add_neighbours(lab, segments, desired);
  daemons::add_daemons(lab, segments, desired);
  hosting::add_hosting(lab, segments, desired);
  add_seeds(lab, segments, routes, desired);
  add_signs(lab, segments, desired);
  desired.hosts = hosts_file(lab);
  warn_of_what_is_cut_off(lab, segments, desired, diagnostics);
  refuse_vain_waiting(desired, diagnostics);
  return desired;
}

}  // namespace hopyard::lower
