#include <fmt/format.h>

#include "lower/kinds.hh"
#include "lower/nat.hh"

namespace hopyard::lower {

net::Namespace container(const lab::Lab& lab, const lab::Node& node) {
  net::Namespace ns = common(node);
  ns.adopted = node.container;
  ns.machine = {};
  // Other labs may have taken it in too.
  if (!node.nat_out.empty()) ns.rulesets = {nat_ruleset(node, fmt::format("hopyard_{}", lab.name))};
  if (lab::is_router(node)) ns.sysctls = forwarding();
  ns.sysctls = merged(std::move(ns.sysctls), node.sysctls);
  return ns;
}

}  // namespace hopyard::lower
