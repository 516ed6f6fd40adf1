#include "app/show.hh"

#include <fmt/format.h>
#include <linux/rtnetlink.h>

#include <algorithm>

#include "app/locate.hh"
#include "app/place.hh"
#include "base/suggest.hh"
#include "observe/look.hh"

namespace hopyard::app {
namespace {

/// That this cannot be told is no reason to show nothing.
keeper::DriftReport drift_of(keeper::Client& client, const std::string& node) {
  auto drift = client.drift(node);
  return drift ? std::move(*drift) : keeper::DriftReport{{}, keeper::one_line(drift.error())};
}

Result<Shown> show_lab(const keeper::Registry& registry, const std::string& lab) {
  HOPYARD_TAKE(client, connect(registry, lab));
  HOPYARD_TAKE(description, client.describe());
  HOPYARD_TAKE(processes, client.processes());
  return Shown{false, std::move(description), std::move(processes), {}, {}, drift_of(client, {})};
}

Result<Shown> show_node(const keeper::Registry& registry, const std::string& lab, const std::string& node) {
  HOPYARD_TAKE(client, connect(registry, lab));
  const std::string one[] = {node};
  HOPYARD_TAKE(description, client.describe(one));
  HOPYARD_TAKE(processes, client.processes());
  std::erase_if(processes, [&node](const auto& process) { return process.node != node; });
  HOPYARD_TAKE(services, client.services(node));
  HOPYARD_TAKE(netns, client.network_namespace(node));
  HOPYARD_TAKE(now, observe::look(netns.get()));
  return Shown{true,           std::move(description), std::move(processes), std::move(services),
               std::move(now), drift_of(client, node)};
}

/// For a word that is no node: it may have been meant to be the lab.
Result<Shown> or_lab(Result<Shown> shown, const std::string& name, const std::vector<std::string>& live) {
  if (!shown && shown.error().remedy.empty()) {
    const std::vector<std::string_view> labs(live.begin(), live.end());
    shown.error().remedy = did_you_mean(name, labs);
  }
  return shown;
}

}  // namespace

bool is_link_local(const net::Route& route) {
  static const Prefix noise[] = {*Prefix::parse("fe80::/10"), *Prefix::parse("ff00::/8")};
  return std::ranges::any_of(noise, [&](const Prefix& one) { return one.contains(route.to); });
}

Result<std::vector<keeper::ConfigurationFile>> show_configuration(const keeper::Registry& registry,
                                                                  const std::string& lab,
                                                                  const std::string& what) {
  const auto [prefix, name] = parse_node(what);
  HOPYARD_TAKE(meant, agreed_lab(lab, prefix));
  if (name.empty())
    return refusal("show a configuration", "no node is named", "name one: hopyard show NODE --config");
  HOPYARD_TAKE(located, locate_lab(registry, meant));
  HOPYARD_TAKE(client, connect(registry, located));
  return client.configuration(name);
}

std::vector<net::SeenRoute> telling_routes(const net::Snapshot& now) {
  std::vector<net::SeenRoute> routes;
  for (const net::SeenRoute& seen : now.routes)
    if (seen.route.table != net::local_table && !is_link_local(seen.route)) routes.push_back(seen);
  return routes;
}

constexpr std::uint8_t frr_ripng = 190;  // zebra/rt_netlink.h; linux/rtnetlink.h has no name for it

std::string protocol_name(std::uint8_t protocol) {
  switch (protocol) {
    case RTPROT_REDIRECT:
      return "redirect";
    case RTPROT_KERNEL:
      return "kernel";
    case RTPROT_BOOT:
      return "boot";
    case RTPROT_STATIC:
      return "static";
    case RTPROT_RA:
      return "ra";
    case RTPROT_ZEBRA:
      return "zebra";
    case RTPROT_BIRD:
      return "bird";
    case RTPROT_DHCP:
      return "dhcp";
    case RTPROT_BABEL:
      return "babel";
    case RTPROT_EIGRP:
      return "eigrp";
    case RTPROT_BGP:
      return "bgp";
    case RTPROT_ISIS:
      return "isis";
    case RTPROT_OSPF:
      return "ospf";
    case RTPROT_RIP:
      return "rip";
    case frr_ripng:
      return "ripng";
    default:
      return std::to_string(protocol);
  }
}

Result<Shown> show(const keeper::Registry& registry, const std::string& lab, const std::string& what) {
  const auto [prefix, name] = parse_node(what);
  HOPYARD_TAKE(meant, agreed_lab(lab, prefix));
  if (name.empty()) return show_lab(registry, meant);
  if (!meant.empty()) return show_node(registry, meant, name);
  HOPYARD_TAKE(live, registry.labs());
  if (std::ranges::binary_search(live, name)) return show_lab(registry, name);
  if (live.size() == 1) return or_lab(show_node(registry, live.front(), name), name, live);
  HOPYARD_TAKE(located, locate_lab(registry, name));  // says which labs there are
  return show_lab(registry, located);
}

}  // namespace hopyard::app
