#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "language/given.hh"
#include "language/lab_keys.hh"
#include "language/link_types.hh"
#include "language/lookup.hh"
#include "language/outer.hh"

namespace hopyard::language {
namespace {

using net::LinkType;

constexpr std::uint32_t usual_mtu = 1500;
constexpr std::uint16_t first_wireguard_port = 51820;

/// One end of a tunnel, on the outside.
struct Outer {
  IpAddress address;
  std::uint32_t interface = lab::none;  ///< that has it; none for lo
};

bool is_bond(const lab::Interface& one) {
  return one.link == lab::none && one.settings &&
         (one.settings->type == LinkType::Bond || one.settings->type == LinkType::Team);
}

bool has_vni(LinkType type) {
  return type == LinkType::Vxlan || type == LinkType::Geneve;
}

/// True for an interface whose packets no tunnel carries.
bool plain(const lab::Lab& lab, const lab::Interface& one) {
  return one.link == lab::none || !lab.links[one.link].type;
}

class Tunnels {
 public:
  explicit Tunnels(Draft& draft) : draft_(draft), lab_(draft.lab), lookup_(draft) {}

  void run() {
    collect_vnis();
    resolve_own_tunnels(draft_);
    // What tunnels go over has its MTU first.
    for (lab::Node& node : lab_.nodes)
      for (lab::Interface& one : node.interfaces)
        if (is_bond(one) && over_wires(node, one)) fit_own(node, one);
    for (std::uint32_t i = 0; i < lab_.links.size(); ++i)
      if (lab_.links[i].type) link(i);
    for (lab::Node& node : lab_.nodes)
      for (lab::Interface& one : node.interfaces)
        if (one.settings && one.link == lab::none) fit_own(node, one);
  }

 private:
  using Ends = std::array<Outer, 2>;
  lab::Node& node(const lab::Link& link, int end) { return lab_.nodes[link.ends[end].index]; }
  lab::Interface& inner(const lab::Link& link, int end) {
    return node(link, end).interfaces[link.ends[end].interface];
  }
  std::uint32_t segment_of(std::uint32_t node, std::uint32_t interface) {
    return draft_.segment_of[draft_.first_interface[node] + interface];
  }
  static std::uint32_t mtu_of(const lab::Node& node, std::uint32_t interface) {
    for (std::uint32_t i = interface; i != lab::none; i = node.interfaces[i].lower)
      if (node.interfaces[i].mtu != 0) return node.interfaces[i].mtu;
    return usual_mtu;
  }

  void collect_vnis();
  std::uint32_t free_vni(std::uint32_t from);
  bool over_wires(const lab::Node& node, const lab::Interface& bond) const;
  void link(std::uint32_t index);
  std::optional<Ends> outer_ends(std::uint32_t index, Family family, bool last);
  std::optional<Ends> shared(const lab::Link& link, Family family);
  std::optional<Outer> chosen(std::uint32_t index, int end, Family family, bool last);
  std::optional<Outer> first(const lab::Link& link, int end, Family family, bool loopback);
  std::optional<std::uint32_t> owner(std::uint32_t node, const IpAddress& address);
  void set_up(std::uint32_t index, const Ends& ends);
  void secure(std::uint32_t index);
  void fit(std::uint32_t index, const Ends& ends);
  void fit_own(lab::Node& node, lab::Interface& one);
  [[nodiscard]] std::uint32_t below(const lab::Node& node, const Outer& outer);
  std::uint16_t next_port(std::uint32_t node) {
    for (;;) {
      const auto port = static_cast<std::uint16_t>(first_wireguard_port + wireguards_[node]++);
      const auto has_it = [port](const lab::Interface& one) {
        return one.link == lab::none && one.settings && one.settings->type == LinkType::Wireguard &&
               one.settings->port == port;
      };
      if (std::ranges::none_of(lab_.nodes[node].interfaces, has_it)) return port;
    }
  }

  Draft& draft_;
  lab::Lab& lab_;
  InterfaceLookup lookup_;
  std::unordered_map<std::uint32_t, std::uint32_t> wireguards_;  // of a node so far
  std::unordered_set<std::uint32_t> vnis_;                       // of VXLAN and Geneve, in the whole lab
};

void Tunnels::collect_vnis() {
  for (const LinkDraft& link : draft_.links)
    if (link.type.type && has_vni(*link.type.type)) vnis_.insert(link.type.settings.id);
  for (const lab::Node& node : lab_.nodes)
    for (const lab::Interface& one : node.interfaces)
      if (one.link == lab::none && one.settings && has_vni(one.settings->type))
        vnis_.insert(one.settings->id);
}

/// The next number from @p from on that nobody has, which is taken then.
std::uint32_t Tunnels::free_vni(std::uint32_t from) {
  while (!vnis_.insert(from).second) ++from;
  return from;
}

/// True for a bond or team whose ports' MTUs no tunnel decides.
bool Tunnels::over_wires(const lab::Node& node, const lab::Interface& bond) const {
  const auto settled = [&](std::uint32_t i) {
    for (; i != lab::none && node.interfaces[i].mtu == 0; i = node.interfaces[i].lower) {
      const lab::Interface& one = node.interfaces[i];
      if (!plain(lab_, one) || is_bond(one)) return false;
      if (one.settings && overhead(*one.settings, false) != 0) return false;
    }
    return true;
  };
  const auto self = static_cast<std::uint32_t>(&bond - node.interfaces.data());
  for (std::uint32_t i = 0; i < node.interfaces.size(); ++i)
    if (node.interfaces[i].master == self && !settled(i)) return false;
  return true;
}

/// The interface of @p node that has @p address; none for lo. Nothing when it has it nowhere.
std::optional<std::uint32_t> Tunnels::owner(std::uint32_t node, const IpAddress& address) {
  const auto has = [&](const std::vector<InterfaceAddress>& list) {
    return std::ranges::any_of(list, [&](const InterfaceAddress& one) { return one.address == address; });
  };
  const auto& interfaces = lab_.nodes[node].interfaces;
  for (std::uint32_t i = 0; i < interfaces.size(); ++i)
    if (has(interfaces[i].addresses)) return i;
  if (has(lab_.nodes[node].loopback)) return lab::none;
  return std::nullopt;
}

/// What `over` says for one end. Another family is tried still unless this is the @p last one.
std::optional<Outer> Tunnels::chosen(std::uint32_t index, int end, Family family, bool last) {
  const std::vector<Text>& over = draft_.links[index].type.over;
  const Text& word = over[over.size() == 2 ? static_cast<std::size_t>(end) : 0];
  const std::uint32_t at = lab_.links[index].ends[end].index;
  Report& report = draft_.context.report;
  if (const auto address = IpAddress::parse(word.value)) {
    if (const auto interface = owner(at, *address)) return Outer{*address, *interface};
    report.error(word.at,
                 fmt::format("'{}' does not have the address {}", lab_.nodes[at].name, address->text()));
    return std::nullopt;
  }
  const bool loopback = word.value == "lo";
  const auto interface = loopback ? std::optional(lab::none) : lookup_.find(at, word);
  if (!interface) return std::nullopt;
  const auto& list = loopback ? lab_.nodes[at].loopback : lab_.nodes[at].interfaces[*interface].addresses;
  std::vector<Family> missing{family};
  for (const InterfaceAddress& one : list)
    if (one.address.family() == family && !link_local(one.address)) return Outer{one.address, *interface};
  if (std::ranges::all_of(list, [](const InterfaceAddress& one) { return link_local(one.address); }))
    missing = outer_families(*lab_.links[index].type);
  if (last)
    report.error(word.at, fmt::format("'{}:{}' has no {} address for the outer packets", lab_.nodes[at].name,
                                      word.value, family_names(missing)));
  return std::nullopt;
}

/// Addresses on a segment that both nodes are in.
std::optional<Tunnels::Ends> Tunnels::shared(const lab::Link& link, Family family) {
  const lab::Node& left = node(link, 0);
  const lab::Node& right = node(link, 1);
  for (std::uint32_t i = 0; i < left.interfaces.size(); ++i) {
    const std::uint32_t segment = segment_of(link.ends[0].index, i);
    if (segment == lab::none || !plain(lab_, left.interfaces[i])) continue;
    for (std::uint32_t j = 0; j < right.interfaces.size(); ++j) {
      if (segment_of(link.ends[1].index, j) != segment) continue;
      for (const InterfaceAddress& one : left.interfaces[i].addresses)
        for (const InterfaceAddress& other : right.interfaces[j].addresses)
          if (one.address.family() == family && !link_local(one.address) &&
              one.prefix().contains(other.address))
            return Ends{Outer{one.address, i}, Outer{other.address, j}};
    }
  }
  return std::nullopt;
}

std::optional<Outer> Tunnels::first(const lab::Link& link, int end, Family family, bool loopback) {
  const lab::Node& here = node(link, end);
  const auto fits = [&](const InterfaceAddress& one) {
    return one.address.family() == family && !link_local(one.address);
  };
  if (loopback) {
    const auto found = std::ranges::find_if(here.loopback, fits);
    return found == here.loopback.end() ? std::nullopt : std::optional(Outer{found->address});
  }
  for (std::uint32_t i = 0; i < here.interfaces.size(); ++i) {
    if (!plain(lab_, here.interfaces[i]) || lab::vrf_of(here, here.interfaces[i]) != lab::none) continue;
    const auto& addresses = here.interfaces[i].addresses;
    if (const auto found = std::ranges::find_if(addresses, fits); found != addresses.end())
      return Outer{found->address, i};
  }
  return std::nullopt;
}

std::optional<Tunnels::Ends> Tunnels::outer_ends(std::uint32_t index, Family family, bool last) {
  const lab::Link& link = lab_.links[index];
  if (!draft_.links[index].type.over.empty()) {
    const auto left = chosen(index, 0, family, last);
    const auto right = chosen(index, 1, family, last);
    if (!left || !right) return std::nullopt;
    return Ends{*left, *right};
  }
  if (const auto ends = shared(link, family)) return ends;
  for (const bool loopback : {true, false}) {
    const auto left = first(link, 0, family, loopback);
    const auto right = first(link, 1, family, loopback);
    if (left && right) return Ends{*left, *right};
  }
  return std::nullopt;
}

void Tunnels::link(std::uint32_t index) {
  TypeDraft& said = draft_.links[index].type;
  const LinkType type = *lab_.links[index].type;
  if (!check_outer(draft_.context.report, type, said.over)) return;
  const std::size_t before = draft_.context.report.errors();
  std::vector<Family> families = outer_families(type);
  for (const Text& word : said.over)
    if (const auto address = IpAddress::parse(word.value)) families = {address->family()};
  for (const Family family : families)
    if (const auto ends = outer_ends(index, family, family == families.back())) return set_up(index, *ends);
  if (draft_.context.report.errors() != before) return;
  draft_.context.report.error(said.type_at,
                              fmt::format("'{}' finds no outer {} addresses",
                                          lab::link_name(lab_, lab_.links[index]), family_names(families)),
                              "both ends need one on another link, or on lo: addresses: {lo: ...}");
}

void Tunnels::set_up(std::uint32_t index, const Ends& ends) {
  const lab::Link& link = lab_.links[index];
  if (ends[0].address.family() != ends[1].address.family())
    return draft_.context.report.error(
        draft_.links[index].type.over.front().at,
        fmt::format("{} and {} are of two address families", ends[0].address.text(), ends[1].address.text()));
  const bool unnumbered = has_vni(*link.type) && draft_.links[index].type.settings.id == 0;
  const std::uint32_t vni = unnumbered ? free_vni(index + 1) : 0;
  for (const int end : {0, 1}) {
    auto settings = std::make_shared<net::LinkSettings>(draft_.links[index].type.settings);
    settings->local = ends[end].address;
    settings->remote = ends[1 - end].address;
    if (settings->id == 0) settings->id = vni;
    inner(link, end).settings = std::move(settings);
    if (link.type == LinkType::Macsec) {
      inner(link, end).settings->local.reset();
      inner(link, end).settings->remote.reset();
      inner(link, end).lower = ends[end].interface;
    }
  }
  if (link.type == LinkType::Wireguard || link.type == LinkType::Macsec) secure(index);
  if (link.type == LinkType::Macsec && (ends[0].interface == lab::none || ends[1].interface == lab::none ||
                                        segment_of(link.ends[0].index, ends[0].interface) !=
                                            segment_of(link.ends[1].index, ends[1].interface)))
    return draft_.context.report.error(
        draft_.links[index].type.type_at,
        fmt::format("'{}' needs a wire that both nodes are on", lab::link_name(lab_, link)),
        "macsec rides on a link: over: [eth0, eth0]");
  fit(index, ends);
}

/// Keys, and who the other end is.
void Tunnels::secure(std::uint32_t index) {
  const lab::Link& link = lab_.links[index];
  const auto keepalive = draft_.links[index].type.settings.peers;
  for (const int end : {0, 1}) {
    net::LinkSettings& settings = *inner(link, end).settings;
    const std::string& own = node(link, end).name;
    const std::string& other = node(link, 1 - end).name;
    const std::string& name = inner(link, end).name;
    const std::string& there = inner(link, 1 - end).name;
    if (link.type == LinkType::Macsec) {
      settings.transmit_key = macsec_key(lab_.name, own, name);
      settings.receive_key = macsec_key(lab_.name, other, there);
      settings.peer_mac = inner(link, 1 - end).mac;
      continue;
    }
    settings.private_key = wireguard_key(lab_.name, own, name);
    if (settings.port == 0) settings.port = next_port(link.ends[end].index);
    net::WireguardPeer peer;
    if (!keepalive.empty()) peer.keepalive = keepalive.front().keepalive;
    peer.public_key = public_key(wireguard_key(lab_.name, other, there));
    peer.endpoint = settings.remote;
    peer.allowed = {*Prefix::parse("0.0.0.0/0"), *Prefix::parse("::/0")};
    settings.peers = {std::move(peer)};
  }
  if (link.type == LinkType::Macsec) return;
  for (const int end : {0, 1}) {
    net::LinkSettings& settings = *inner(link, end).settings;
    settings.peers.front().port = inner(link, 1 - end).settings->port;
    settings.remote.reset();  // is the peer's endpoint
  }
}

/// The largest packet that the outer way takes at one end.
std::uint32_t Tunnels::below(const lab::Node& node, const Outer& outer) {
  if (outer.interface != lab::none) return mtu_of(node, outer.interface);
  std::uint32_t least = UINT32_MAX;
  for (std::uint32_t i = 0; i < node.interfaces.size(); ++i)
    if (plain(lab_, node.interfaces[i]) && node.interfaces[i].link != lab::none)
      least = std::min(least, mtu_of(node, i));
  return least == UINT32_MAX ? usual_mtu : least;
}

void Tunnels::fit(std::uint32_t index, const Ends& ends) {
  const lab::Link& link = lab_.links[index];
  const std::uint32_t outer = std::min(below(node(link, 0), ends[0]), below(node(link, 1), ends[1]));
  const std::uint32_t takes = overhead(*inner(link, 0).settings, ends[0].address.family() == Family::V6);
  const std::uint32_t room = outer > takes ? outer - takes : 0;
  for (const int end : {0, 1}) {
    lab::Interface& one = inner(link, end);
    if (one.mtu > room)
      draft_.context.report.warning(
          draft_.links[index].type.type_at,
          fmt::format("the MTU {} of '{}' does not fit: {} takes {} of the {} bytes below it", one.mtu,
                      lab::link_name(lab_, link), net::link_type_name(*link.type), takes, outer),
          fmt::format("mtu: {}", room));
    if (one.mtu == 0) one.mtu = room;
  }
}

/// MTUs of a node's own interfaces.
void Tunnels::fit_own(lab::Node& node, lab::Interface& one) {
  const net::LinkSettings& settings = *one.settings;
  const auto self = static_cast<std::uint32_t>(&one - node.interfaces.data());
  if (one.mtu == 0 && (settings.type == LinkType::Bond || settings.type == LinkType::Team)) {
    for (std::uint32_t i = 0; i < node.interfaces.size(); ++i)
      if (node.interfaces[i].master == self && (one.mtu == 0 || mtu_of(node, i) < one.mtu))
        one.mtu = mtu_of(node, i);
    return;
  }
  const auto over_v4 = [](const net::WireguardPeer& peer) {
    return peer.endpoint && peer.endpoint->family() == Family::V4;
  };
  const bool v6 = (settings.type == LinkType::Wireguard && !std::ranges::all_of(settings.peers, over_v4)) ||
                  (settings.remote && settings.remote->family() == Family::V6) ||
                  outer_v6_only(settings.type);
  const std::uint32_t takes = overhead(settings, v6);
  const auto local = settings.local
                         ? owner(static_cast<std::uint32_t>(&node - lab_.nodes.data()), *settings.local)
                         : std::nullopt;
  if (settings.local && !local)
    draft_.context.report.warning(
        one.at, fmt::format("'{}' does not have the address {}, which is 'local' of '{}'", node.name,
                            settings.local->text(), one.name));
  if (takes == 0 && settings.type != LinkType::Vlan) return;
  const std::uint32_t outer = one.lower != lab::none
                                  ? mtu_of(node, one.lower)
                                  : below(node, {IpAddress::v4(0), local.value_or(lab::none)});
  const std::uint32_t room = outer > takes ? outer - takes : 0;
  if (one.mtu > room)
    draft_.context.report.warning(
        one.at,
        fmt::format("the MTU {} of '{}:{}' does not fit: {} takes {} of the {} bytes below it", one.mtu,
                    node.name, one.name, net::link_type_name(settings.type), takes, outer),
        fmt::format("mtu: {}", room));
  if (one.mtu == 0 && takes != 0) one.mtu = room;
}

}  // namespace

void resolve_tunnels(Draft& draft) {
  Tunnels(draft).run();
}

}  // namespace hopyard::language
