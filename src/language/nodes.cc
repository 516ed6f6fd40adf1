#include <fmt/format.h>

#include "language/kinds.hh"

namespace hopyard::language {
namespace {

/// The word after the nearest `kind:` that speaks of the node.
std::optional<Text> kind_word(Draft& draft, const NodeDraft& node) {
  for (const Yaml* layer : {node.single, node.ranged, draft.node_defaults}) {
    const Yaml* value = layer == nullptr ? nullptr : layer->find("kind");
    if (value == nullptr) continue;
    return Values(draft.context, layer == node.single ? Indices{} : node.indices).text(*value, "'kind'");
  }
  if (node.routes_by_shape) return Text{"router", {}};
  return Text{"host", {}};
}

void finish(lab::Node& node, bool routing_given) {
  if (!routing_given)
    node.routing = node.kind == lab::Kind::Router ? lab::Routing::Static : lab::Routing::None;
  if (node.machine.hostname.empty()) node.machine.hostname = node.name;
}

/// Whether any layer says how the node learns its routes.
bool has_routing(const std::vector<const Yaml*>& layers) {
  for (const Yaml* layer : layers)
    if (layer != nullptr && layer->find("routing") != nullptr) return true;
  return false;
}

}  // namespace

void read_nodes(Draft& draft) {
  Kinds kinds(draft);
  kinds.check_all();
  std::vector<const Yaml*> layers;
  for (std::uint32_t i = 0; i < draft.lab.nodes.size(); ++i) {
    const NodeDraft& node = draft.nodes[i];
    layers = {draft.node_defaults};
    if (const auto word = kind_word(draft, node))
      if (const KindMeaning* meaning = kinds.meaning(*word)) {
        draft.lab.nodes[i].kind = meaning->kind;
        layers.insert(layers.end(), meaning->layers.begin(), meaning->layers.end());
      }
    layers.push_back(node.ranged);
    for (const Yaml* layer : layers)
      draft.once_if_bad(layer, [&](const Yaml& one) { read_node_layer(draft, i, one, node.indices); });
    layers.push_back(node.single);
    draft.once_if_bad(node.single, [&](const Yaml& one) { read_node_layer(draft, i, one, {}); });
    finish(draft.lab.nodes[i], has_routing(layers));
    finish_services(draft.context, draft.nodes[i], draft.lab.nodes[i]);
  }
  if (draft.lab.nodes.empty())
    draft.once_if_bad(draft.node_defaults, [&](const Yaml& one) {
      Values(draft.context, {}).each_key(one, node_object, [](const Object::Found&, const Yaml&) {});
    });
}

}  // namespace hopyard::language
