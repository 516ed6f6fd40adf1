#include "lower/lower.hh"

#include <fmt/format.h>

#include "lower/hosts_file.hh"
#include "lower/kinds.hh"
#include "lower/routes.hh"
#include "lower/routing/static_routes.hh"
#include "lower/wires.hh"

namespace hopyard::lower {
namespace {

void warn_of_lonely_nodes(const lab::Lab& lab, Diagnostics& diagnostics) {
  if (lab.nodes.size() < 2) return;
  for (const lab::Node& node : lab.nodes)
    if (node.interfaces.empty())
      diagnostics.warning(node.at, fmt::format("{} '{}' has no link: it reaches no other node",
                                               lab::kind_name(node.kind), node.name));
}

}  // namespace

net::Desired lower(const lab::Lab& lab, Diagnostics& diagnostics) {
  net::Desired desired;
  desired.lab = lab.name;
  desired.namespaces.reserve(lab.nodes.size() + lab.networks.size());
  for (const lab::Node& node : lab.nodes) desired.namespaces.push_back(node_namespace(lab, node));
  warn_of_lonely_nodes(lab, diagnostics);
  add_wires(lab, desired, diagnostics);
  auto routes = routing::static_routes(lab);
  for (std::size_t i = 0; i < lab.nodes.size(); ++i)
    desired.namespaces[i].routes = merged(std::move(routes[i]), lab.nodes[i].routes);
  desired.hosts = hosts_file(lab);
  return desired;
}

}  // namespace hopyard::lower
