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

/// The ways on by the interface. A default route is a gateway of its own: as a route to ::/0, cloud-init 22.4
/// makes it one to ::/64 for systemd-networkd and for ifupdown.
void add_routes(const std::string& interface, std::span<const net::Route> routes, Json& card) {
  Json others = Json::array();
  for (const net::Route& route : routes)
    for (const net::NextHop& hop : route.next_hops) {
      if (hop.device != interface || !hop.via) continue;
      const char* gateway = hop.via->family() == Family::V4 ? "gateway4" : "gateway6";
      if (route.to.length != 0)
        others.push_back({{"to", route.to.text()}, {"via", hop.via->text()}});
      else if (!card.contains(gateway))
        card[gateway] = hop.via->text();
    }
  if (!others.empty()) card["routes"] = std::move(others);
}

Json card(const lab::Interface& interface, std::span<const net::Route> routes,
          const lab::Resolver& resolver) {
  Json one{{"match", {{"macaddress", interface.mac.text()}}}, {"set-name", interface.name}};
  if (interface.mtu != 0) one["mtu"] = interface.mtu;
  if (interface.dhcp) {
    one["dhcp4"] = true;
    return one;
  }
  if (!interface.addresses.empty())
    one["addresses"] = texts(interface.addresses, [](const InterfaceAddress& it) { return it.text(); });
  add_routes(interface.name, routes, one);
  const auto near = [&](const IpAddress& server) {
    return std::ranges::any_of(interface.addresses,
                               [&](const InterfaceAddress& own) { return own.prefix().contains(server); });
  };
  Json servers = Json::array();
  for (const IpAddress& server : resolver.servers)
    if (near(server)) servers.push_back(server.text());
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
