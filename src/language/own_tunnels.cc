#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>

#include "language/lab_keys.hh"
#include "language/lookup.hh"
#include "language/machines.hh"
#include "language/protocols.hh"

/// WireGuard and MACsec on an interface of a node's own: keys and the other ends are given, or are those of
/// another such interface of the lab.
namespace hopyard::language {
namespace {

using net::LinkType;

constexpr std::uint16_t first_port = 51820;
constexpr std::string_view peers_example = "peers: [{public-key: 'b:wg0', endpoint: 192.0.2.2:51820}]";

/// "192.0.2.2:51820", "[2001:db8::2]:51820", or the address alone.
bool read_endpoint(std::string_view text, WireguardPeerDraft& draft) {
  std::string_view host = text;
  std::string_view port;
  if (const auto alone = IpAddress::parse(text)) {
    draft.peer.endpoint = alone;
    return true;
  }
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos && !text.ends_with(']')) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), draft.peer.port);
    if (error != std::errc{} || end != port.data() + port.size() || draft.peer.port == 0) return false;
    draft.port_given = true;
  }
  const bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  draft.peer.endpoint = IpAddress::parse(host);
  return draft.peer.endpoint && bracketed == (draft.peer.endpoint->family() == Family::V6);
}

void read_peer_key(Values& values, WireguardPeerKey key, const Yaml& value, WireguardPeerDraft& draft) {
  switch (key) {
    case WireguardPeerKey::PublicKey:
      if (value.is_scalar() && value.text.find(':') != std::string_view::npos)
        draft.of = values.text(value, "'public-key'");
      else
        draft.peer.public_key = read_key(values, value, "'public-key'").value_or(net::Key256{});
      return;
    case WireguardPeerKey::PresharedKey:
      draft.peer.preshared_key = read_key(values, value, "'preshared-key'").value_or(net::Key256{});
      return;
    case WireguardPeerKey::Endpoint:
      if (const auto text = values.text(value, "'endpoint'"); text && !read_endpoint(text->value, draft))
        values.context.report.error(text->at, fmt::format("'{}' is no address with a port", text->value),
                                    "192.0.2.2:51820, or [2001:db8::2]:51820");
      return;
    case WireguardPeerKey::Allowed:
      for (const Text& text : values.texts(value, "'allowed'")) {
        if (const auto prefix = Prefix::parse(text.value))
          draft.peer.allowed.push_back(*prefix);
        else
          values.context.report.error(text.at, fmt::format("'{}' is no prefix", text.value), "10.8.0.0/24");
      }
      return;
    case WireguardPeerKey::Keepalive:
      if (const auto seconds = read_seconds(values, value, "'keepalive'", 1, 65535))
        draft.peer.keepalive = std::chrono::seconds(*seconds);
      return;
  }
}

WireguardPeerDraft read_peer(Values& values, const Yaml& value) {
  WireguardPeerDraft draft;
  draft.at = value.at;
  const std::size_t before = values.context.report.errors();
  bool has_key = false;
  values.each_key(value, wireguard_peer_object, [&](const Object::Found& found, const Yaml& one) {
    has_key = has_key || as<WireguardPeerKey>(found) == WireguardPeerKey::PublicKey;
    read_peer_key(values, as<WireguardPeerKey>(found), one, draft);
  });
  if (!has_key && values.context.report.errors() == before)
    values.context.report.error(value.at, "a peer of wireguard without 'public-key'",
                                std::string(peers_example));
  if (draft.peer.allowed.empty()) draft.peer.allowed = {*Prefix::parse("0.0.0.0/0"), *Prefix::parse("::/0")};
  return draft;
}

class OwnTunnels {
 public:
  explicit OwnTunnels(Draft& draft) : draft_(draft), lab_(draft.lab), lookup_(draft) {}

  void run() {
    each([this](std::uint32_t node, const InterfaceDraft&, lab::Interface& one) { prepare(node, one); });
    each([this](std::uint32_t node, const InterfaceDraft& said, lab::Interface& one) {
      if (one.settings->type == LinkType::Wireguard)
        meet_peers(said, one);
      else
        meet_peer(node, said, one);
    });
  }

 private:
  Report& report() { return draft_.context.report; }

  /// Every wireguard and macsec of a node's own.
  template <class Use>
  void each(Use use) {
    for (std::uint32_t node = 0; node < lab_.nodes.size(); ++node)
      for (const InterfaceDraft& said : draft_.nodes[node].interfaces) {
        if (said.type.type != LinkType::Wireguard && said.type.type != LinkType::Macsec) continue;
        for (lab::Interface& one : lab_.nodes[node].interfaces)
          if (one.name == said.name.value && one.link == lab::none && one.settings) use(node, said, one);
      }
  }

  /// What others will look for: a private key and a port.
  void prepare(std::uint32_t node, lab::Interface& one) {
    net::LinkSettings& settings = *one.settings;
    if (settings.type != LinkType::Wireguard) return;
    if (settings.private_key == net::Key256{})
      settings.private_key = wireguard_key(lab_.name, lab_.nodes[node].name, one.name);
    const auto taken = [&](std::uint16_t port) {
      return std::ranges::any_of(lab_.nodes[node].interfaces, [&](const lab::Interface& other) {
        return &other != &one && other.link == lab::none && other.settings &&
               other.settings->type == LinkType::Wireguard && other.settings->port == port;
      });
    };
    if (settings.port != 0) return;
    for (settings.port = first_port; taken(settings.port);) ++settings.port;
  }

  /// The interface of the lab that "b:wg0" is. Reported if it is none of the type.
  const lab::Interface* other_end(const Text& name, LinkType type) {
    const std::size_t colon = std::min(name.value.find(':'), name.value.size());
    const auto node = draft_.node_index.find(name.value.substr(0, colon));
    if (node != draft_.node_index.end() && colon < name.value.size())
      if (const auto index = lookup_.by_name(node->second, name.value.substr(colon + 1))) {
        const lab::Interface& found = lab_.nodes[node->second].interfaces[*index];
        if (found.link == lab::none && found.settings && found.settings->type == type) return &found;
      }
    const std::string_view word = net::link_type_name(type);
    report().error(name.at, fmt::format("'{}' is no interface of type {}", name.value, word),
                   fmt::format("NODE:INTERFACE, of one with {{type: {}}} under 'interfaces'", word));
    return nullptr;
  }

  void meet_peers(const InterfaceDraft& said, lab::Interface& one) {
    for (const WireguardPeerDraft& draft : said.type.peers) {
      net::WireguardPeer peer = draft.peer;
      const lab::Interface* other = draft.of ? other_end(*draft.of, LinkType::Wireguard) : nullptr;
      if (draft.of && other == nullptr) continue;
      if (other != nullptr) peer.public_key = public_key(other->settings->private_key);
      if (!draft.port_given) peer.port = other != nullptr ? other->settings->port : first_port;
      one.settings->peers.push_back(std::move(peer));
    }
  }

  void meet_peer(std::uint32_t node, const InterfaceDraft& said, lab::Interface& one) {
    if (!said.type.peer) return;  // reported
    net::LinkSettings& settings = *one.settings;
    const Text& name = *said.type.peer;
    const net::Key128 none{};
    if (const auto mac = Mac::parse(name.value)) {
      settings.peer_mac = *mac;
      if (settings.transmit_key == none || settings.receive_key == none)
        report().error(
            name.at,
            fmt::format("'{}:{}' has a MAC for a peer, and not both keys", lab_.nodes[node].name, one.name),
            "send-key and receive-key: 32 hexadecimal digits each");
      return;
    }
    const lab::Interface* other = other_end(name, LinkType::Macsec);
    if (other == nullptr) return;
    settings.peer_mac = other->mac;
    const std::string_view there = name.value.substr(0, name.value.find(':'));
    if (settings.transmit_key == none)
      settings.transmit_key = macsec_key(lab_.name, lab_.nodes[node].name, one.name);
    if (settings.receive_key == none) settings.receive_key = macsec_key(lab_.name, there, other->name);
  }

  Draft& draft_;
  lab::Lab& lab_;
  InterfaceLookup lookup_;
};

}  // namespace

std::optional<net::Key256> read_key(Values& values, const Yaml& value, std::string_view what) {
  const auto text = values.text(value, what);
  if (!text) return std::nullopt;
  net::Key256 key{};
  std::size_t size = 0;
  const bool good = sodium_base642bin(key.data(), key.size(), text->value.data(), text->value.size(), nullptr,
                                      &size, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0 &&
                    size == key.size();
  if (good) return key;
  values.context.report.error(value.at, fmt::format("{} is no key of wireguard", what),
                              "44 letters of base64, as `wg genkey` and `wg pubkey` write them");
  return std::nullopt;
}

std::optional<net::Key128> read_hex_key(Values& values, const Yaml& value, std::string_view what) {
  const auto text = values.text(value, what);
  if (!text) return std::nullopt;
  net::Key128 key{};
  std::size_t size = 0;
  const bool good = sodium_hex2bin(key.data(), key.size(), text->value.data(), text->value.size(), nullptr,
                                   &size, nullptr) == 0 &&
                    size == key.size() && text->value.size() == 2 * key.size();
  if (good) return key;
  values.context.report.error(value.at, fmt::format("{} is no key of macsec", what),
                              "32 hexadecimal digits, in quotes");
  return std::nullopt;
}

void read_wireguard_peers(Values& values, const Yaml& value, std::vector<WireguardPeerDraft>& into) {
  into.clear();
  if (!values.list(value, "'peers'", peers_example)) return;
  for (const Yaml* one : value.children) {
    if (one->is_map())
      into.push_back(read_peer(values, *one));
    else
      values.wrong(*one, "a peer", "a map", std::string(peers_example));
  }
}

void resolve_own_tunnels(Draft& draft) {
  OwnTunnels(draft).run();
}

}  // namespace hopyard::language
