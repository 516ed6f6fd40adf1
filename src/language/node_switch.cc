#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "language/kinds.hh"
#include "language/protocols.hh"

namespace hopyard::language {
namespace {

constexpr std::int64_t last_vlan = 4094;  // 4095 is reserved (IEEE 802.1Q)

// The bounds are those of IEEE 802.1D-1998, table 8-3, and of Linux (net/bridge/br_private.h).
void read_tree(Values& values, const Yaml& value, net::SpanningTree& tree) {
  if (value.is_scalar() && (value.text == "true" || value.text == "false")) {
    tree = {};
    tree.runs = value.text == "true";
    return;
  }
  if (!value.is_map())
    return values.wrong(value, "'stp'", "true, or a map of how it is spoken", "stp: {priority: 4096}");
  tree.runs = true;
  const auto seconds = [&](const Yaml& one, std::string_view what, std::int64_t least, std::int64_t most,
                           std::chrono::seconds& into) {
    if (const auto read = read_seconds(values, one, what, least, most)) into = std::chrono::seconds(*read);
  };
  values.each_key(value, tree_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<TreeKey>(found)) {
      case TreeKey::Priority:
        if (const auto read = values.integer(one, "'priority'", 0, 65535))
          tree.priority = static_cast<std::uint16_t>(*read);
        return;
      case TreeKey::Hello:
        return seconds(one, "'hello'", 1, 10, tree.hello);
      case TreeKey::ForwardDelay:
        return seconds(one, "'forward-delay'", 2, 30, tree.forward_delay);
      case TreeKey::MaxAge:
        return seconds(one, "'max-age'", 6, 40, tree.max_age);
    }
  });
  const std::chrono::seconds one{1};
  if (2 * (tree.forward_delay - one) < tree.max_age)
    values.context.report.error(value.at,
                                fmt::format("a max-age of {}s is too long for a forward-delay of {}s",
                                            tree.max_age.count(), tree.forward_delay.count()),
                                fmt::format("at most 2 * (forward-delay - 1s), {}s (IEEE 802.1D)",
                                            (2 * (tree.forward_delay - one)).count()));
  else if (tree.max_age < 2 * (tree.hello + one))
    values.context.report.error(
        value.at,
        fmt::format("a max-age of {}s is too short for a hello of {}s", tree.max_age.count(),
                    tree.hello.count()),
        fmt::format("at least 2 * (hello + 1s), {}s (IEEE 802.1D)", (2 * (tree.hello + one)).count()));
}

void read_stations(Values& values, const Yaml& value, std::vector<StationDraft>& into) {
  values.each_entry(
      value, "'fdb'",
      [&](const Text& name, const Yaml& one) {
        const auto mac = Mac::parse(name.value);
        if (!mac || mac->multicast() || mac->zero())
          return values.context.report.error(name.at,
                                             fmt::format("'{}' is not the MAC of a station", name.value),
                                             "six octets, the first one even: 02:00:00:00:00:01");
        const auto port = values.text(one, "a port");
        if (!port) return;
        for (StationDraft& known : into)
          if (known.mac == *mac) {
            known = {*mac, *port, name.at};
            return;
          }
        into.push_back({*mac, *port, name.at});
      },
      "fdb: {'02:00:00:00:00:01': eth0}");
}

void read_ageing(Values& values, const Yaml& value, lab::Switch& into) {
  const auto read = values.duration(value, "'ageing'");
  if (!read) return;
  constexpr std::chrono::milliseconds least{10};
  constexpr std::chrono::hours most{24 * 11};
  into.ageing = std::chrono::duration_cast<std::chrono::milliseconds>(*read);
  if (*read < least || *read > most)
    values.wrong(value, "'ageing'", "from 10ms to 264h", "a switch that remembers nothing is a hub");
}

std::optional<std::uint16_t> vlan_number(std::string_view digits) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size() || number < 1 || number > last_vlan)
    return std::nullopt;
  return number;
}

/// 10, or all from 10 to 20: 10-20.
void read_some_vlans(Values& values, const Yaml& value, std::vector<std::uint16_t>& into) {
  const auto text = value.is_scalar() ? values.text(value, "'vlans'") : std::nullopt;
  const std::size_t dash = text ? text->value.find('-') : std::string_view::npos;
  if (dash == std::string_view::npos) {
    if (const auto read = values.integer(value, "a VLAN", 1, last_vlan))
      into.push_back(static_cast<std::uint16_t>(*read));
    return;
  }
  const auto first = vlan_number(text->value.substr(0, dash));
  const auto last = vlan_number(text->value.substr(dash + 1));
  if (!first || !last || *first > *last)
    return values.wrong(value, "'vlans'", "numbers from 1 to 4094, or from one to another: 10-20");
  for (std::uint16_t id = *first; id <= *last; ++id) into.push_back(id);
}

}  // namespace

void read_vlans(Values& values, InterfaceKey key, const Yaml& value, InterfaceDraft& into) {
  into.vlans_at = value.at;
  if (key == InterfaceKey::Vlan) {
    if (const auto read = values.integer(value, "'vlan'", 1, last_vlan))
      into.vlans.untagged = static_cast<std::uint16_t>(*read);
  } else {
    into.vlans.tagged.clear();
    if (value.is_list())
      for (const Yaml* one : value.children) read_some_vlans(values, *one, into.vlans.tagged);
    else
      read_some_vlans(values, value, into.vlans.tagged);
    std::ranges::sort(into.vlans.tagged);
    const auto doubled = std::ranges::unique(into.vlans.tagged);
    into.vlans.tagged.erase(doubled.begin(), doubled.end());
  }
  if (std::ranges::binary_search(into.vlans.tagged, into.vlans.untagged))
    values.context.report.error(value.at,
                                fmt::format("VLAN {} is both 'vlan' and one of 'vlans'", into.vlans.untagged),
                                "the frames of a VLAN have a tag on a port, or none");
}

void read_switch(Values& values, NodeKey key, const Yaml& value, lab::Switch& into, NodeDraft& draft) {
  draft.layer_two = value.at;
  switch (key) {
    case NodeKey::Stp:
      return read_tree(values, value, into.tree);
    case NodeKey::Ageing:
      draft.ageing_at = value.at;
      return read_ageing(values, value, into);
    case NodeKey::Controller:
      draft.ovs_only = value.at;
      return read_controllers(values, value, draft.controllers);
    case NodeKey::FailMode:
      draft.ovs_only = value.at;
      if (const auto chosen = values.choice(value, "'fail-mode'", fail_mode_words()))
        into.secure = *chosen == 1;
      return;
    case NodeKey::Fdb:
      return read_stations(values, value, draft.stations);
    default:
      if (const auto chosen = values.choice(value, "'engine'", engine_words()))
        into.engine = static_cast<lab::Switch::Engine>(*chosen);
      return;
  }
}

}  // namespace hopyard::language
