#include <fmt/format.h>

#include "language/kinds.hh"
#include "language/lookup.hh"

namespace hopyard::language {
namespace {

/// A port of a switch cannot be in a VLAN of a node that is none.
void check_others(Draft& draft, std::uint32_t index) {
  const lab::Node& node = draft.lab.nodes[index];
  const NodeDraft& said = draft.nodes[index];
  const auto report = [&](Span at) {
    draft.context.report.error(
        at, fmt::format("'{}' is a {}: this is for a switch", node.name, lab::kind_name(node.kind)),
        "kind: switch");
  };
  if (said.layer_two.known()) report(said.layer_two);
  for (const InterfaceDraft& one : said.interfaces)
    if (one.vlans.given()) report(one.vlans_at);
}

}  // namespace

void resolve_switches(Draft& draft) {
  InterfaceLookup lookup(draft);
  for (std::uint32_t index = 0; index < draft.lab.nodes.size(); ++index) {
    lab::Node& node = draft.lab.nodes[index];
    if (node.kind != lab::Kind::Switch) {
      check_others(draft, index);
      continue;
    }
    resolve_ovs(draft, index);
    for (const StationDraft& station : draft.nodes[index].stations)
      if (const auto port = lookup.find(index, station.port))
        node.forwarding.stations.push_back({station.mac, *port});
  }
}

}  // namespace hopyard::language
