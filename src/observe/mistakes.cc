#include "observe/mistakes.hh"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hopyard::observe {
namespace {

constexpr std::uint32_t loopback = 1;
/// Types whose addresses need no neighbour, or that have no wire.
constexpr std::array<std::string_view, 15> without_neighbours{"dummy",  "vrf",    "ipip", "sit",  "gre",
                                                              "ip6gre", "ip6tnl", "vti",  "vti6", "wireguard",
                                                              "tun",    "nlmon",  "ifb",  "ppp",  "xfrm"};
/// Types that carry whatever is at their other end: without that they have no carrier, and nothing is wrong.
constexpr std::array<std::string_view, 6> waiting{"bridge", "bond", "team", "tun", "openvswitch", "ppp"};
/// Types whose ports hand what comes in to them.
constexpr std::array<std::string_view, 4> takers{"bridge", "bond", "team", "openvswitch"};

bool is_any(std::string_view kind, std::span<const std::string_view> of) {
  return std::ranges::find(of, kind) != of.end();
}

/// What every interface has by itself.
bool is_automatic(const Prefix& to) {
  static const Prefix noise[] = {*Prefix::parse("fe80::/10"), *Prefix::parse("ff00::/8")};
  return std::ranges::any_of(noise, [&](const Prefix& one) { return one.contains(to); });
}

bool is_whole(const InterfaceAddress& one) {
  return one.length == bits(one.address.family());
}

class Search {
 public:
  explicit Search(const net::Snapshot& now) : now_(now) {}
  std::vector<Mistake> run() {
    for (const net::SeenLink& link : now_.links) look_at(link);
    look_for_overlaps();
    return std::move(found_);
  }

 private:
  void look_at(const net::SeenLink& link);
  void look_at_port(const net::SeenLink& link, const net::SeenLink& master);
  void look_for_neighbours(const net::SeenLink& link);
  void look_for_overlaps();
  /// The VRF whose table its routes are in; 0 for the namespace's own.
  [[nodiscard]] std::uint32_t vrf_of(const net::SeenLink& link) const;
  [[nodiscard]] const net::SeenLink* link(std::uint32_t index) const {
    const auto one = std::ranges::find(now_.links, index, &net::SeenLink::index);
    return one == now_.links.end() ? nullptr : &*one;
  }
  /// Those that somebody gave it.
  [[nodiscard]] std::vector<net::SeenAddress> addresses(const net::SeenLink& of) const {
    std::vector<net::SeenAddress> own;
    for (const net::SeenAddress& one : now_.addresses)
      if (one.link == of.index && !one.link_local) own.push_back(one);
    return own;
  }
  /// The network of a port's master that an address of no length must have been meant for.
  [[nodiscard]] std::optional<InterfaceAddress> meant(const InterfaceAddress& one) const;
  [[nodiscard]] bool leads_out(const net::SeenLink& by, Family family) const;
  void say(const net::SeenLink& about, std::string what, std::string means, std::string remedy,
           Mistake::Kind kind = Mistake::Kind::Other) {
    found_.push_back({about.name, std::move(what), std::move(means), std::move(remedy), kind});
  }

  const net::Snapshot& now_;
  std::vector<Mistake> found_;
};

void Search::look_at(const net::SeenLink& link) {
  const std::string set_up = fmt::format("ip link set {} up", link.name);
  if (link.index == loopback) {
    if (!link.up)
      say(link, link.name + " is down",
          "nothing in here reaches 127.0.0.1, ::1, or this place by its own addresses", set_up);
    return;
  }
  const net::SeenLink* master = this->link(link.master);
  const bool taken = master != nullptr && is_any(master->kind, takers);
  const bool carries =
      std::ranges::any_of(now_.links, [&](const net::SeenLink& port) { return port.master == link.index; });
  // Open vSwitch leaves the device that its ports have for a master down for ever.
  const bool used = taken || (carries && link.kind != "openvswitch") || !addresses(link).empty();
  if (used && !link.up)
    say(link, fmt::format("{} is down", link.name),
        carries && link.kind == "bridge" ? "a bridge that is down passes no frames from port to port"
                                         : "nothing leaves by it, and nothing comes in",
        set_up, Mistake::Kind::Down);
  else if (used && !link.running && !is_any(link.kind, waiting))
    say(link, fmt::format("{} has no carrier", link.name),
        "the other end of its wire is down, or there is none", "set the other end up", Mistake::Kind::Down);
  if (taken) return look_at_port(link, *master);
  if (link.up && !is_any(link.kind, without_neighbours)) look_for_neighbours(link);
  for (const net::SeenAddress& one : addresses(link))
    if (one.duplicate)
      say(link, fmt::format("{} of {} is somebody else's too", one.address.address.text(), link.name),
          "the search for duplicates (RFC 4862) has found it, and the kernel does not use it here",
          "give one of the two another address");
}

std::optional<InterfaceAddress> Search::meant(const InterfaceAddress& one) const {
  for (const net::SeenAddress& other : now_.addresses)
    if (!is_whole(other.address) && other.address.prefix().contains(one.address))
      return InterfaceAddress{one.address, other.address.length};
  return std::nullopt;
}

void Search::look_at_port(const net::SeenLink& link, const net::SeenLink& master) {
  for (const net::SeenAddress& seen : addresses(link)) {
    const InterfaceAddress& one = seen.address;
    const std::string what =
        fmt::format("{} is a port of {} and has the address {}", link.name, master.name, one.text());
    const std::string take = fmt::format("ip address del {} dev {}", one.text(), link.name);
    if (!is_whole(one)) {
      say(link, what,
          fmt::format(
              "what comes in at a port is {}'s, and answers leave by the port: whoever has this address is "
              "cut off from that network",
              master.name),
          fmt::format("{}; ip address add {} dev {}", take, one.text(), master.name));
      continue;
    }
    const auto better = meant(one);
    say(link, what,
        fmt::format("a port needs no address, and with /{} no neighbour is on the link", one.length),
        better ? fmt::format("{}; ip address add {} dev {}", take, better->text(), master.name)
               : fmt::format("{}; give it to {} with the length of its network's prefix", take, master.name));
  }
}

bool Search::leads_out(const net::SeenLink& by, Family family) const {
  return std::ranges::any_of(now_.routes, [&](const net::SeenRoute& seen) {
    const Prefix& to = seen.route.to;
    // The kernel's own route to an address of the interface leads to nobody else.
    const auto own = addresses(by);
    if (seen.route.table == net::local_table || to.family() != family || is_automatic(to) ||
        std::ranges::any_of(own, [&](const net::SeenAddress& one) {
          return to.is_host() && to.address == one.address.address;
        }))
      return false;
    return std::ranges::any_of(seen.route.next_hops,
                               [&](const net::NextHop& hop) { return hop.device == by.name; });
  });
}

void Search::look_for_neighbours(const net::SeenLink& link) {
  for (const Family family : {Family::V4, Family::V6}) {
    const auto own = addresses(link);
    const auto of_family = [&](const net::SeenAddress& one) {
      return one.address.address.family() == family;
    };
    const auto first = std::ranges::find_if(own, of_family);
    if (first == own.end() || !is_whole(first->address) || leads_out(link, family)) continue;
    say(link, fmt::format("{} has {}, and no route leads out by it", link.name, first->address.text()),
        fmt::format("with /{} no neighbour is on the link: nobody is reached by it", first->address.length),
        fmt::format(
            "give the address with the length of its network's prefix, as in ip address add {}/{} dev {}",
            first->address.address.text(), family == Family::V4 ? 24 : 64, link.name));
  }
}

std::uint32_t Search::vrf_of(const net::SeenLink& link) const {
  if (link.kind == "vrf") return link.index;
  const net::SeenLink* master = this->link(link.master);
  return master != nullptr && master->kind == "vrf" ? master->index : 0;
}

void Search::look_for_overlaps() {
  std::vector<std::pair<const net::SeenLink*, Prefix>> all;
  for (const net::SeenLink& link : now_.links) {
    const net::SeenLink* master = this->link(link.master);
    if (link.index == loopback || !link.up || (master != nullptr && is_any(master->kind, takers))) continue;
    for (const net::SeenAddress& one : addresses(link))
      if (!is_whole(one.address)) all.emplace_back(&link, one.address.prefix());
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [link, prefix] = all[i];
      const auto& [other, theirs] = all[j];
      if (link == other || prefix != theirs || vrf_of(*link) != vrf_of(*other)) continue;
      say(*link, fmt::format("{} is on {} and on {}", prefix.text(), other->name, link->name),
          fmt::format("what is for it leaves by {} alone", other->name),
          "give the two networks different prefixes, or make both interfaces ports of one bridge");
    }
}

}  // namespace

std::vector<Mistake> find_mistakes(const net::Snapshot& now) {
  return Search(now).run();
}

Mistake not_forwarding(Family family) {
  const bool six = family == Family::V6;
  return {"", fmt::format("it does not forward IPv{}", six ? 6 : 4),
          "it is a router, and drops what is not for itself",
          fmt::format("sysctl -w {}=1", six ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward")};
}

}  // namespace hopyard::observe
