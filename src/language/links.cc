#include "language/links.hh"

#include <fmt/format.h>

namespace hopyard::language {
namespace {

constexpr std::string_view separator = " -- ";

/// The two ends of "a -- b".
std::optional<std::pair<Text, Text>> split_ends(Context& context, const Text& text) {
  const std::size_t at = text.value.find(separator);
  if (at == std::string_view::npos) {
    context.report.error(text.at, fmt::format("'{}' is not a link", text.value),
                         "a link is written 'a -- b', with blanks around the dashes");
    return std::nullopt;
  }
  const Text left = trimmed(part(text, 0, at));
  const Text right = trimmed(part(text, at + separator.size(), text.value.size() - at - separator.size()));
  if (right.value.find(separator) != std::string_view::npos) {
    context.report.error(text.at, "a link has two ends", "for a row of nodes there is 'chain: [a, b, c]'");
    return std::nullopt;
  }
  return std::pair(left, right);
}

std::string counts(const Names& left, const Names& right) {
  return fmt::format("{} ends on the left, {} on the right", left.count(), right.count());
}

}  // namespace

bool Links::room_for(std::size_t more, Span at) {
  if (more <= Context::most_links - std::min(draft_.lab.links.size(), Context::most_links)) return true;
  context.report.error(at, fmt::format("the lab has more than {} links", Context::most_links));
  return false;
}

void Links::make_node(const Text& name, bool router) {
  bool made = false;
  const auto index = draft_.node(name, &made);
  if (index) draft_.nodes[*index].routes_by_shape = router;
}

std::optional<lab::End> Links::end(const Text& text, Text& interface) {
  const std::size_t colon = text.value.find(':');
  const Text name = part(text, 0, std::min(colon, text.value.size()));
  if (colon != std::string_view::npos) interface = part(text, colon + 1, text.value.size() - colon - 1);
  if (const auto network = draft_.network_index.find(name.value); network != draft_.network_index.end()) {
    if (colon == std::string_view::npos) return lab::End{lab::End::To::Network, network->second, lab::none};
    context.report.error(text.at, fmt::format("network '{}' has no interfaces", name.value),
                         fmt::format("write '{}' alone", name.value));
    return std::nullopt;
  }
  if (colon != std::string_view::npos) {
    if (const auto reason = bad_interface_name(interface.value)) {
      context.report.error(interface.at,
                           fmt::format("'{}' cannot be the name of an interface", interface.value), *reason);
      interface = {};
    }
  }
  const auto node = draft_.node(name);
  if (!node) return std::nullopt;
  return lab::End{lab::End::To::Node, *node, lab::none};
}

void Links::read_own(Values& values, LinkKey key, const Yaml& value, Attributes& into) {
  switch (key) {
    case LinkKey::Type:
      read_link_type(values, value, into.draft.type);
      return;
    case LinkKey::Subnet:
      into.draft.subnets = values.prefixes(value, "'subnet'");
      into.draft.subnet_at = value.at;
      return;
    case LinkKey::Mtu:
      into.link.mtu = values.mtu(value).value_or(0);
      return;
    case LinkKey::Cost:
      into.link.cost = static_cast<std::uint32_t>(values.integer(value, "'cost'", 1, 65535).value_or(1));
      return;
    case LinkKey::Labels:
      for (auto& label : values.labels(value)) into.link.labels.push_back(std::move(label));
      return;
    case LinkKey::Out:
    case LinkKey::Back: {
      ImpairmentDraft one;
      values.each_key(value, impairment_object, [&](const Object::Found& found, const Yaml& inner) {
        read_impairment(values, as<ImpairmentKey>(found), inner, one);
      });
      (key == LinkKey::Out ? into.draft.out : into.draft.back).take(one);
      return;
    }
  }
}

void Links::read(const Yaml& layer, const Object& object, const Indices& indices, Attributes& into) {
  Values values(context, indices);
  ImpairmentDraft both;
  const Yaml* directions[2] = {nullptr, nullptr};
  values.each_key(layer, object, [&](const Object::Found& found, const Yaml& value) {
    if (found.object == &impairment_object)
      return read_impairment(values, as<ImpairmentKey>(found), value, both);
    if (found.object == &link_type_object)
      return read_type_key(values, as<TypeKey>(found), found.key->name, value, into.draft.type);
    if (found.object != &link_object) return;
    const auto key = as<LinkKey>(found);
    if (key == LinkKey::Out)
      directions[0] = &value;
    else if (key == LinkKey::Back)
      directions[1] = &value;
    else
      read_own(values, key, value, into);
  });
  into.draft.out.take(both);
  into.draft.back.take(both);
  if (directions[0] != nullptr) read_own(values, LinkKey::Out, *directions[0], into);
  if (directions[1] != nullptr) read_own(values, LinkKey::Back, *directions[1], into);
}

void Links::connect(const Text& left, const Text& right, const Indices& indices, const Yaml* attributes,
                    const Object& object, Span at) {
  if (!context.step(at) || !room_for(1, at)) return;
  Attributes read_attributes;
  lab::Link& link = read_attributes.link;
  const auto from = end(left, read_attributes.draft.interfaces[0]);
  const auto to = end(right, read_attributes.draft.interfaces[1]);
  draft_.once_if_bad(draft_.link_defaults,
                     [&](const Yaml& layer) { read(layer, link_object, indices, read_attributes); });
  draft_.once_if_bad(attributes, [&](const Yaml& layer) { read(layer, object, indices, read_attributes); });
  if (!from || !to) return;
  if (from->to == lab::End::To::Network && to->to == lab::End::To::Network)
    return context.report.error(at, fmt::format("'{}' and '{}' are both networks", left.value, right.value),
                                "a router or a switch joins networks: 'lan1 -- r1' and 'lan2 -- r1'");
  if (from->to == to->to && from->index == to->index)
    return context.report.error(
        at, fmt::format("'{}' is linked to itself", draft_.lab.nodes[from->index].name),
        "a link joins two nodes; for an address of its own a node has 'addresses: {lo: ...}'");
  link.ends[0] = *from;
  link.ends[1] = *to;
  link.at = at;
  check_type(context, read_attributes.draft.type, true);
  link.type = read_attributes.draft.type.type;
  if (link.type && (from->to == lab::End::To::Network || to->to == lab::End::To::Network))
    return context.report.error(read_attributes.draft.type.type_at,
                                fmt::format("a link of type {} joins two nodes, and '{}' is a network",
                                            net::link_type_name(*link.type),
                                            from->to == lab::End::To::Network ? left.value : right.value),
                                "a plain link joins a node to a network");
  draft_.lab.links.push_back(std::move(link));
  draft_.links.push_back(std::move(read_attributes.draft));
}

void Links::zip(const Text& left, const Text& right, const Yaml* attributes, const Object& object, Span at) {
  const auto lefts = Names::parse(context, left);
  const auto rights = Names::parse(context, right);
  if (!lefts || !rights) return;
  if (lefts->count() != rights->count() && lefts->count() != 1 && rights->count() != 1)
    return context.report.error(at, counts(*lefts, *rights),
                                fmt::format("equal counts go side by side, one goes to each of many; each to "
                                            "each other is mesh: ['{}', '{}']",
                                            left.value, right.value));
  const std::size_t count = std::max(lefts->count(), rights->count());
  if (!room_for(count, at)) return;
  for (std::size_t i = 0; i < count; ++i) {
    const auto from = lefts->member(context, lefts->count() == 1 ? 0 : i);
    if (!from) return;
    const auto to = rights->member(context, rights->count() == 1 ? 0 : i, from->indices);
    if (!to) return;
    connect(from->name, to->name, to->indices, attributes, object, at);
  }
}

namespace {

bool looks_like_link(std::string_view text) {
  return text.find("--") != std::string_view::npos;
}

/// The short form with attributes: {"a -- b": {delay: 20ms}}.
void read_short(Links& links, const Yaml& entry) {
  Context& context = links.context;
  if (entry.size() != 1)
    return context.report.error(
        entry.at, "more than one key beside a link",
        "values of the link are indented further than the link, or stand in { }: '- a -- b: {delay: 20ms}'");
  const auto text = Values(context, {}).key(entry.key(0), Braces::Later);
  const auto ends = text ? split_ends(context, *text) : std::nullopt;
  if (!ends) return;
  const Yaml& value = entry.value(0);
  if (!value.is_map() && !value.is_null())
    return Values(context, {}).wrong(value, "what a link has", "a map", "- a -- b: {delay: 20ms}");
  links.zip(ends->first, ends->second, &value, link_object, entry.key(0).at);
}

void read_ends(Links& links, const Yaml& value, const Yaml& entry) {
  if (!value.is_list() || value.children.size() != 2)
    return links.context.report.error(value.at, "'ends' takes a list of two", "ends: [a, 'b:eth0']");
  Values values(links.context, {});
  const auto left = values.text(*value.children[0], "an end", Braces::Later);
  const auto right = values.text(*value.children[1], "an end", Braces::Later);
  if (left && right) links.zip(*left, *right, &entry, entry_object, value.at);
}

/// A long link or a shape: a map that says by one of its keys which.
void read_long(Links& links, const Yaml& entry) {
  const Yaml* found = nullptr;
  EntryKey kind = EntryKey::Ends;
  for (std::size_t i = 0; i < entry.size(); ++i) {
    const Object::Found key = entry_object.find(entry.key(i).text);
    if (key.object != &entry_object) continue;
    const auto id = as<EntryKey>(key);
    if (id == EntryKey::Fanout || id == EntryKey::Columns) continue;
    if (found != nullptr)
      return links.context.report.error(entry.key(i).at, "an entry of 'links' is one link or one shape",
                                        "begin another entry with '- '");
    found = &entry.value(i);
    kind = id;
  }
  if (found == nullptr) {
    const std::size_t before = links.context.report.errors();
    Values(links.context, {}).each_key(entry, entry_object, [](const Object::Found&, const Yaml&) {});
    if (links.context.report.errors() != before) return;
    return links.context.report.error(entry.at, "an entry of 'links' without ends",
                                      "- a -- b, - {ends: [a, b]}, or a shape: - chain: r[1..5]");
  }
  if (kind == EntryKey::Ends)
    read_ends(links, *found, entry);
  else
    read_shape(links, kind, *found, entry);
}

void read_entry(Links& links, const Yaml& entry) {
  Context& context = links.context;
  if (entry.is_scalar()) {
    const auto text = Values(context, {}).text(entry, "a link", Braces::Later);
    const auto ends = text ? split_ends(context, *text) : std::nullopt;
    if (ends) links.zip(ends->first, ends->second, nullptr, link_object, entry.at);
    return;
  }
  if (!entry.is_map()) return Values(context, {}).wrong(entry, "a link", "'a -- b' or a map");
  bool any_link = false;
  for (std::size_t i = 0; i < entry.size(); ++i) any_link = any_link || looks_like_link(entry.key(i).text);
  if (any_link)
    read_short(links, entry);
  else
    read_long(links, entry);
}

}  // namespace

void read_links(Draft& draft, const Yaml* list) {
  if (list == nullptr) return;
  Links links(draft);
  if (!Values(draft.context, {}).list(*list, "'links'", "links: [a -- b]")) return;
  for (const Yaml* entry : list->children) read_entry(links, *entry);
}

}  // namespace hopyard::language
