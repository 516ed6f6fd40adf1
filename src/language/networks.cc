#include <fmt/format.h>

#include "language/draft.hh"

namespace hopyard::language {
namespace {

void read_layer(Draft& draft, const Yaml& layer, const Indices& indices, lab::Network& network) {
  Values values(draft.context, indices);
  if (!layer.is_map()) {
    if (!layer.is_null()) network.prefixes = values.prefixes(layer, "a network");
    return;
  }
  values.each_key(layer, network_object, [&](const Object::Found& found, const Yaml& value) {
    switch (as<NetworkKey>(found)) {
      case NetworkKey::Prefix:
        network.prefixes = values.prefixes(value, "'prefix'");
        break;
      case NetworkKey::Mtu:
        network.mtu = values.mtu(value).value_or(0);
        break;
      case NetworkKey::Labels:
        for (auto& label : values.labels(value)) network.labels.push_back(std::move(label));
        break;
    }
  });
}

void add(Draft& draft, const Member& member, const Yaml& body) {
  Context& context = draft.context;
  if (const auto reason = bad_node_name(member.name.value))
    return context.report.error(
        member.name.at, fmt::format("'{}' cannot be the name of a network", member.name.value), *reason);
  const auto number = static_cast<std::uint32_t>(draft.lab.networks.size());
  if (number >= Context::most_nodes)
    return context.report.error(member.name.at,
                                fmt::format("the lab has more than {} networks", Context::most_nodes));
  if (const auto [known, fresh] = draft.network_index.try_emplace(member.name.value, number); !fresh)
    return context.report.error(
        member.name.at, fmt::format("duplicate network '{}'", member.name.value),
        fmt::format("the first is at {}", context.sources.where(draft.lab.networks[known->second].at)));
  lab::Network& network = draft.lab.networks.emplace_back();
  network.name = member.name.value;
  network.at = member.name.at;
  draft.once_if_bad(draft.network_defaults, [&](const Yaml& layer) {
    if (layer.is_map())
      read_layer(draft, layer, member.indices, network);
    else if (!layer.is_null())
      Values(context, {}).wrong(layer, "'networks' of 'defaults'", "a map", "networks: {mtu: 9000}");
  });
  draft.once_if_bad(&body, [&](const Yaml& layer) { read_layer(draft, layer, member.indices, network); });
}

}  // namespace

void read_networks(Draft& draft, const Yaml* networks) {
  if (networks == nullptr) return;
  Values values(draft.context, {});
  values.each_entry(
      *networks, "'networks'",
      [&](const Text& key, const Yaml& body) {
        const auto names = Names::parse(draft.context, key);
        if (!names) return;
        for (std::size_t i = 0; i < names->count(); ++i)
          if (const auto member = names->member(draft.context, i)) add(draft, *member, body);
      },
      "networks: {lan: 192.168.1.0/24}", Braces::Later);
}

}  // namespace hopyard::language
