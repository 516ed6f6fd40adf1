#include <fmt/format.h>

#include <algorithm>

#include "language/draft.hh"
#include "language/kinds.hh"
#include "language/link_types.hh"

namespace hopyard::language {
namespace {

std::optional<net::LinkType> type_of(std::string_view word) {
  const auto found = std::ranges::find(net::link_type_names, word);
  if (found == net::link_type_names.end()) return std::nullopt;
  return static_cast<net::LinkType>(found - net::link_type_names.begin());
}

std::optional<IpAddress> outer_address(Values& values, std::string_view word, const Yaml& value) {
  const auto text = values.text(value, fmt::format("'{}'", word));
  if (!text) return std::nullopt;
  const auto address = IpAddress::parse(text->value);
  if (!address)
    values.context.report.error(value.at, fmt::format("'{}' must be an address, not '{}'", word, text->value),
                                "an address without a length: 10.0.0.1");
  return address;
}

void read_milliseconds(Values& values, const Yaml& value, std::chrono::milliseconds& into) {
  const auto duration = values.duration(value, "'miimon'");
  if (!duration) return;
  into = std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
  if (into.count() == 0 || into > std::chrono::minutes(1))
    values.context.report.error(value.at, "'miimon' is between 1ms and 60s", "miimon: 100ms");
}

void read_keepalive(Values& values, const Yaml& value, net::LinkSettings& settings) {
  const auto duration = values.duration(value, "'keepalive'");
  if (!duration) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*duration);
  if (seconds.count() < 1 || seconds.count() > 65535)
    return values.context.report.error(value.at, "'keepalive' is between 1s and 65535s", "keepalive: 25s");
  settings.peers.resize(1);
  settings.peers.front().keepalive = seconds;
}

/// The number of a user or a group; the last one means nobody (chown(2)).
void read_user(Values& values, std::string_view what, const Yaml& value, std::optional<std::uint32_t>& into) {
  if (const auto number = values.integer(value, what, 0, UINT32_MAX - 1))
    into = static_cast<std::uint32_t>(*number);
}

std::int64_t most_of(TypeKey key) {
  switch (key) {
    case TypeKey::Ttl:
      return 255;
    case TypeKey::Port:
      return 65535;
    case TypeKey::Id:
      return (1 << 24) - 1;
    default:
      return UINT32_MAX;
  }
}

/// What ip-link(8) lists among the types and no lab can make: says why, and what to do.
/// @return whether @p type is one of those.
bool refuse_type(Context& context, const Text& type, bool link) {
  if (type.value == "ipoib")
    context.report.error(
        type.at, "'ipoib' stands on an InfiniBand card alone, by a kernel with CONFIG_INFINIBAND_IPOIB",
        "take the card's interface into the lab: {kind: external, interface: ib0, by: move}");
  else if (type.value == "bridge")
    context.report.error(type.at, "'bridge' is a node of a lab", "kind: switch");
  else if (type.value == "veth" && !link)
    context.report.error(type.at, "'veth' is a link between two nodes", "links: [a -- b]");
  else
    return false;
  return true;
}

}  // namespace

void read_interface_type(Values& values, const Yaml& value, TypeDraft& draft) {
  draft.type_at = value.at;
  const auto text = values.text(value, "'type'");
  if (!text || refuse_type(values.context, *text, false)) return;
  if (const auto known = type_of(text->value); known && !type_words(*known).interface)
    return values.context.report.error(value.at, fmt::format("'{}' is a link between two nodes", text->value),
                                       fmt::format("links: [{}]", type_words(*known).example.substr(2)));
  if (const auto chosen = values.choice(value, "'type'", interface_type_words()))
    draft.type = type_of(interface_type_words()[*chosen].word);
}

void read_link_type(Values& values, const Yaml& value, TypeDraft& draft) {
  draft.type_at = value.at;
  const auto text = values.text(value, "'type'");
  if (!text || refuse_type(values.context, *text, true)) return;
  if (const auto known = type_of(text->value); known && !type_words(*known).link)
    return values.context.report.error(
        value.at, fmt::format("'{}' is no link between two nodes", text->value),
        fmt::format("it is an interface of a node: interfaces: {{{}}}", type_words(*known).example));
  draft.type.reset();
  if (const auto chosen = values.choice(value, "'type'", link_type_words()))
    draft.type = type_of(link_type_words()[*chosen].word);  // nothing for veth
}

void read_type_key(Values& values, TypeKey key, std::string_view word, const Yaml& value, TypeDraft& draft) {
  net::LinkSettings& settings = draft.settings;
  draft.given.emplace_back(word, value.at);
  const std::string quoted = fmt::format("'{}'", word);
  switch (key) {
    case TypeKey::On:
      draft.on = values.text(value, quoted);
      return;
    case TypeKey::Of:
      draft.of = values.texts(value, quoted);
      return;
    case TypeKey::Over:
      draft.over = values.texts(value, quoted);
      if (draft.over.size() > 2)
        values.context.report.error(value.at, "'over' is one for both ends, or a list of two",
                                    "over: [eth0, eth1]");
      return;
    case TypeKey::Mode:
      draft.mode = values.text(value, quoted);
      return;
    case TypeKey::Miimon:
      return read_milliseconds(values, value, settings.miimon);
    case TypeKey::Keepalive:
      return read_keepalive(values, value, settings);
    case TypeKey::Local:
      settings.local = outer_address(values, word, value);
      return;
    case TypeKey::Remote:
      settings.remote = outer_address(values, word, value);
      return;
    case TypeKey::Owner:
      return read_user(values, quoted, value, settings.owner);
    case TypeKey::Group:
      return read_user(values, quoted, value, settings.group);
    case TypeKey::PrivateKey:
      settings.private_key = read_key(values, value, quoted).value_or(net::Key256{});
      return;
    case TypeKey::Peers:
      return read_wireguard_peers(values, value, draft.peers);
    case TypeKey::Peer:
      draft.peer = values.text(value, quoted);
      return;
    case TypeKey::SendKey:
      settings.transmit_key = read_hex_key(values, value, quoted).value_or(net::Key128{});
      return;
    case TypeKey::ReceiveKey:
      settings.receive_key = read_hex_key(values, value, quoted).value_or(net::Key128{});
      return;
    case TypeKey::MultiQueue:
      settings.many_queues = read_truth(values, value, quoted).value_or(false);
      return;
    default:
      break;
  }
  const std::int64_t least = key == TypeKey::Key ? 0 : 1;
  const auto number =
      static_cast<std::uint32_t>(values.integer(value, quoted, least, most_of(key)).value_or(0));
  if (key == TypeKey::Key)
    settings.key = number;
  else if (key == TypeKey::Ttl)
    settings.ttl = static_cast<std::uint8_t>(number);
  else if (key == TypeKey::Port)
    settings.port = static_cast<std::uint16_t>(number);
  else
    settings.id = number;  // id, table
}

namespace {

TypeKey key_of(std::string_view word) {
  for (const Object* object : {&interface_type_object, &link_type_object})
    if (const auto found = object->find(word); found.object == object) return as<TypeKey>(found);
  return TypeKey::On;
}

/// "on, id", in the order of the table.
std::string words_of(std::uint32_t keys) {
  std::vector<std::string_view> words;
  for (const Object* object : {&interface_type_object, &link_type_object})
    for (const Key& one : object->keys)
      if ((keys & bit(static_cast<TypeKey>(one.id))) != 0 &&
          std::ranges::find(words, one.name) == words.end())
        words.push_back(one.name);
  return fmt::format("{}", fmt::join(words, ", "));
}

void check_mode(Context& context, TypeDraft& draft) {
  if (!draft.mode) return;
  const auto modes = net::link_modes(*draft.type);
  const auto found = std::ranges::find(modes, draft.mode->value);
  if (found != modes.end())
    draft.settings.mode = static_cast<std::uint8_t>(found - modes.begin());
  else
    context.report.error(
        draft.mode->at,
        fmt::format("'{}' is no mode of a {}", draft.mode->value, net::link_type_name(*draft.type)),
        fmt::format("one of: {}", fmt::join(modes, ", ")));
}

void check_numbers(Context& context, const TypeDraft& draft) {
  const net::LinkSettings& settings = draft.settings;
  if (draft.type == net::LinkType::Vlan && settings.id > 4094)
    context.report.error(draft.type_at,
                         fmt::format("a VLAN has a number from 1 to 4094, not {}", settings.id), "id: 10");
  for (const auto& address : {settings.local, settings.remote}) {
    if (!address || outer_any(*draft.type)) continue;
    if ((address->family() == Family::V6) != outer_v6_only(*draft.type))
      context.report.error(
          draft.type_at,
          fmt::format("the outer addresses of {} are {}, not {}", net::link_type_name(*draft.type),
                      outer_v6_only(*draft.type) ? "IPv6" : "IPv4", address->text()));
  }
  if (settings.local && settings.remote && settings.local->family() != settings.remote->family())
    context.report.error(draft.type_at, fmt::format("'local' is {} and 'remote' is {}: one family, please",
                                                    settings.local->text(), settings.remote->text()));
}

}  // namespace

void check_type(Context& context, TypeDraft& draft, bool link) {
  if (!draft.type) {
    if (!draft.given.empty() && !draft.type_at.known())
      context.report.error(draft.given.front().second,
                           fmt::format("'{}' is for {} of a type", draft.given.front().first,
                                       link ? "a link" : "an interface"),
                           link ? "type: vxlan" : "type: vlan");
    return;
  }
  const TypeWords& words = type_words(*draft.type);
  const std::uint32_t allowed = link ? words.link_keys : words.keys;
  std::uint32_t missing = link ? 0 : words.needed;
  for (const auto& [word, at] : draft.given) {
    missing &= ~bit(key_of(word));
    if ((allowed & bit(key_of(word))) == 0)
      context.report.error(at, fmt::format("a {} has no '{}'", net::link_type_name(*draft.type), word),
                           allowed == 0 ? std::string() : fmt::format("it has: {}", words_of(allowed)));
  }
  if (missing != 0)
    context.report.error(draft.type_at,
                         fmt::format("a {} needs '{}'", net::link_type_name(*draft.type), words_of(missing)),
                         std::string(words.example));
  draft.settings.type = *draft.type;
  check_mode(context, draft);
  check_numbers(context, draft);
  if (*draft.type == net::LinkType::Bond && draft.settings.miimon.count() == 0)
    draft.settings.miimon = std::chrono::milliseconds(100);
  if (draft.settings.port == 0 && *draft.type == net::LinkType::Vxlan) draft.settings.port = 4789;
  if (draft.settings.port == 0 && *draft.type == net::LinkType::Geneve) draft.settings.port = 6081;
}

}  // namespace hopyard::language
