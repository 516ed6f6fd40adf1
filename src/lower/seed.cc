#include "lower/seed.hh"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lower/hosting/hosting.hh"

namespace hopyard::lower {
namespace {

using Json = nlohmann::ordered_json;

std::string written(const Json& json) {
  constexpr int indent = 2;
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json texts(const auto& list, auto text_of) {
  Json all = Json::array();
  for (const auto& one : list) all.push_back(text_of(one));
  return all;
}

/// Whether the interface has the address in one of its subnets.
bool near(const lab::Interface& interface, const IpAddress& address) {
  return std::ranges::any_of(interface.addresses,
                             [&](const InterfaceAddress& own) { return own.prefix().contains(address); });
}

/// Whether a route puts the gateway on the interface's link.
bool is_on_link(const lab::Interface& interface, const IpAddress& gateway,
                std::span<const net::Route> routes) {
  return std::ranges::any_of(routes, [&](const net::Route& one) {
    return one.to.contains(gateway) && !one.next_hops.empty() && !one.next_hops.front().via &&
           one.next_hops.front().device == interface.name;
  });
}

/// Whether the way goes by the interface: if none is named, by where the gateway is.
bool goes_by(const lab::Interface& interface, const net::NextHop& hop, std::span<const net::Route> routes) {
  if (!hop.device.empty()) return hop.device == interface.name;
  return near(interface, *hop.via) || is_on_link(interface, *hop.via, routes);
}

bool is_link_local(const IpAddress& address) {
  static const Prefix link_local = *Prefix::parse("fe80::/10");
  return link_local.contains(address);
}

/// Without a gateway it is one of the link: cloud-init 22.4 wants one named for ifupdown, and
/// systemd-networkd and netplan take the unspecified address for none.
Json route(const net::Route& route, const net::NextHop& hop, const lab::Interface& interface) {
  Json one{{"to", route.to.text()}};
  if (!hop.via) {
    one["via"] = route.to.family() == Family::V4 ? "0.0.0.0" : "::";
    one["scope"] = "link";
  } else {
    one["via"] = hop.via->text();
    if (!is_link_local(*hop.via) && !near(interface, *hop.via)) one["on-link"] = true;
  }
  if (route.metric != 0) one["metric"] = route.metric;
  return one;
}

/// Whether the way on is told as the card's gateway: as a route to ::/0, cloud-init 22.4 makes it one to
/// ::/64 for systemd-networkd and for ifupdown. A gateway of a card without addresses, as by DHCP, it drops.
bool is_gateway(const lab::Interface& interface, const net::Route& route, const net::NextHop& hop) {
  const auto is_v4 = [](const InterfaceAddress& one) { return one.address.family() == Family::V4; };
  return hop.via && route.to.length == 0 && route.metric == 0 &&
         (route.to.family() == Family::V6 || std::ranges::any_of(interface.addresses, is_v4));
}

/// The ways on by a card: first what puts gateways on the link.
class Ways {
 public:
  Ways(const lab::Interface& interface, std::span<const net::Route> routes, Json& card)
      : interface_(interface), routes_(routes), card_(card) {}

  void add(const net::Route& one, const net::NextHop& hop) {
    const char* gateway = one.to.family() == Family::V4 ? "gateway4" : "gateway6";
    const bool as_gateway = is_gateway(interface_, one, hop);
    if (as_gateway && card_.contains(gateway)) return;
    if (hop.via) put_on_link(*hop.via);
    if (as_gateway)
      card_[gateway] = hop.via->text();
    else
      (hop.via ? others_ : links_).push_back(route(one, hop, interface_));
  }

  /// Into the card.
  void write() {
    for (Json& one : others_) links_.push_back(std::move(one));
    if (!links_.empty()) card_["routes"] = std::move(links_);
  }

 private:
  void put_on_link(const IpAddress& gateway) {
    if (near(interface_, gateway) || is_link_local(gateway) || is_on_link(interface_, gateway, routes_))
      return;
    const bool four = gateway.family() == Family::V4;
    Json link{{"to", fmt::format("{}/{}", gateway.text(), four ? 32 : 128)},
              {"via", four ? "0.0.0.0" : "::"},
              {"scope", "link"}};
    if (std::ranges::find(links_, link) == links_.end()) links_.push_back(std::move(link));
  }

  const lab::Interface& interface_;
  std::span<const net::Route> routes_;
  Json& card_;
  Json links_ = Json::array();
  Json others_ = Json::array();
};

void add_routes(const lab::Interface& interface, std::span<const net::Route> routes, Json& card) {
  Ways ways(interface, routes, card);
  for (const net::Route& one : routes)
    for (const net::NextHop& hop : one.next_hops)
      if (goes_by(interface, hop, routes)) ways.add(one, hop);
  ways.write();
}

Json card(const lab::Interface& interface, std::span<const net::Route> routes,
          const lab::Resolver& resolver) {
  Json one{{"match", {{"macaddress", interface.mac.text()}}}, {"set-name", interface.name}};
  if (interface.mtu != 0) one["mtu"] = interface.mtu;
  if (interface.dhcp) one["dhcp4"] = true;
  if (!interface.addresses.empty())
    one["addresses"] = texts(interface.addresses, [](const InterfaceAddress& it) { return it.text(); });
  add_routes(interface, routes, one);
  Json servers = Json::array();
  for (const IpAddress& server : resolver.servers)
    if (near(interface, server)) servers.push_back(server.text());
  if (servers.empty()) return one;
  one["nameservers"]["addresses"] = std::move(servers);
  if (!resolver.domains.empty())
    one["nameservers"]["search"] = texts(resolver.domains, [](const std::string& it) { return it; });
  return one;
}

std::string meta_data(const lab::Lab& lab, const lab::Node& node) {
  const std::string& name = node.machine.hostname.empty() ? node.name : node.machine.hostname;
  return written({{"instance-id", fmt::format("{}-{}", lab.name, node.name)}, {"local-hostname", name}});
}

}  // namespace

std::string network_config(const lab::Node& node, std::span<const net::Route> routes,
                           const lab::Resolver& resolver) {
  Json cards = Json::object();
  for (const lab::Interface& interface : node.interfaces)
    cards[interface.name] = card(interface, routes, resolver);
  return written({{"version", 2}, {"ethernets", std::move(cards)}});
}

void add_seeds(const lab::Lab& lab, std::span<const lab::Segment> segments,
               std::span<const std::vector<net::Route>> routes, net::Desired& desired) {
  const auto has_seed = [](const lab::Node& node) { return node.kind == lab::Kind::Vm && node.vm.seed; };
  if (std::ranges::none_of(lab.nodes, has_seed)) return;
  const std::vector<lab::Resolver> resolvers = hosting::resolvers_of_guests(lab, segments);
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) {
    const lab::Node& node = lab.nodes[i];
    if (!has_seed(node)) continue;
    const lab::Vm::Seed& seed = *node.vm.seed;
    net::DiskImage image{seed_image, "cidata", {}};
    image.files = {
        {"meta-data", seed.meta_data.value_or(meta_data(lab, node))},
        {"user-data", seed.user_data.value_or("#cloud-config\n{}\n")},
        {"network-config", seed.network_config.value_or(network_config(node, routes[i], resolvers[i]))}};
    desired.namespaces[i].machine.disk_images.push_back(std::move(image));
  }
}

}  // namespace hopyard::lower
