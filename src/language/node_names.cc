#include <fmt/format.h>

#include "language/draft.hh"

namespace hopyard::language {

std::optional<std::uint32_t> Draft::node(const Text& name, bool* made) {
  if (const auto found = node_index.find(name.value); found != node_index.end()) return found->second;
  if (const auto reason = bad_node_name(name.value)) {
    context.report.error(name.at, fmt::format("'{}' cannot be the name of a node", name.value), *reason);
    return std::nullopt;
  }
  const auto index = static_cast<std::uint32_t>(lab.nodes.size());
  if (index >= Context::most_nodes) {
    context.report.error(name.at, fmt::format("the lab has more than {} nodes", Context::most_nodes));
    return std::nullopt;
  }
  node_index.emplace(name.value, index);
  lab::Node& fresh = lab.nodes.emplace_back();
  fresh.name = name.value;
  fresh.at = name.at;
  nodes.emplace_back();
  if (made != nullptr) *made = true;
  return index;
}

namespace {

void add(Draft& draft, const Member& member, const Yaml& body, bool ranged) {
  Report& report = draft.context.report;
  if (const auto network = draft.network_index.find(member.name.value); network != draft.network_index.end())
    return report.error(member.name.at, fmt::format("'{}' is a network already", member.name.value),
                        fmt::format("a node needs a name of its own; the network is at {}",
                                    draft.context.sources.where(draft.lab.networks[network->second].at)));
  const auto index = draft.node(member.name);
  if (!index) return;
  NodeDraft& node = draft.nodes[*index];
  const Yaml*& entry = ranged ? node.ranged : node.single;
  if (entry != nullptr)
    return report.error(
        member.name.at, fmt::format("duplicate node '{}'", member.name.value),
        fmt::format("the first is at {}", draft.context.sources.where(draft.lab.nodes[*index].at)));
  entry = &body;
  if (ranged)
    node.indices = member.indices;
  else
    draft.lab.nodes[*index].at = member.name.at;
}

}  // namespace

void read_node_names(Draft& draft, const Yaml* nodes) {
  if (nodes == nullptr) return;
  Values values(draft.context, {});
  if (nodes->is_map()) {
    draft.node_index.reserve(nodes->size());
    draft.nodes.reserve(nodes->size());
    draft.lab.nodes.reserve(nodes->size());
  }
  values.each_entry(
      *nodes, "'nodes'",
      [&](const Text& key, const Yaml& body) {
        const auto names = Names::parse(draft.context, key);
        if (!names) return;
        for (std::size_t i = 0; i < names->count(); ++i)
          if (const auto member = names->member(draft.context, i)) add(draft, *member, body, names->ranged());
      },
      "nodes: {h1: {kind: host}}", Braces::Later);
}

}  // namespace hopyard::language
