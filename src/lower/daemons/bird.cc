#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <unordered_set>

#include "lower/daemons/daemons.hh"
#include "lower/scope.hh"

namespace hopyard::lower::daemons {
namespace {

constexpr std::string_view configuration_path = "/etc/bird/bird.conf";
constexpr std::string_view control_path = "/run/bird/bird.ctl";

/// Names of protocols. A symbol of BIRD has letters, digits and "_", and at most 64 bytes.
class Names {
 public:
  std::string name(std::string_view node, std::string_view ending) {
    const bool begins_with_digit = std::isdigit(static_cast<unsigned char>(node.front())) != 0;
    std::string plain(begins_with_digit ? "n" : "");
    for (const char byte : node.substr(0, 40)) {
      const bool fits = std::isalnum(static_cast<unsigned char>(byte)) != 0;
      plain += fits ? byte : '_';
    }
    plain += ending;
    std::string unique = plain;
    for (int n = 2; !taken_.insert(unique).second; ++n) unique = fmt::format("{}_{}", plain, n);
    return unique;
  }

 private:
  std::unordered_set<std::string> taken_;
};

void put_kernel(std::string& out, bool v6) {
  const int version = v6 ? 6 : 4;
  out += fmt::format(
      "protocol kernel kernel{0} {{\n"
      "  merge paths on;\n"
      "  ipv{0} {{ import none; export where source != RTS_DEVICE && proto != \"announced{0}\"; }};\n"
      "}}\n",
      version);
}

void put_announced(std::string& out, const lab::Bgp& bgp, Family family) {
  std::string routes;
  for (const Prefix& one : bgp.announce)
    if (one.family() == family) routes += fmt::format("  route {} unreachable;\n", one.text());
  if (routes.empty()) return;
  const int version = family == Family::V4 ? 4 : 6;
  // Below OSPF's and RIP's preferences, and above BGP's: who has a way there keeps it.
  out += fmt::format("protocol static announced{0} {{\n  ipv{0} {{ preference 110; }};\n{1}}}\n", version,
                     routes);
}

constexpr std::string_view fast_bgp =
    "  connect delay time 0;\n"
    "  error wait time 0, 1;\n"
    "  error forget time 1;\n"
    "  startup hold time 5;\n"
    // RFC 8654: in 4096 bytes BIRD sends no path of more than 762 systems.
    "  enable extended messages on;\n";

/// What a family's channel of a session takes and gives.
void put_channel(std::string& out, const lab::Bgp& bgp, const Peer& peer, Family family) {
  const bool inside = peer.as == bgp.as;
  out += fmt::format("  ipv{} {{\n", family == Family::V4 ? 4 : 6);
  // Sessions follow the links, so who reflects a route is on the way to where it leads.
  if (inside) out += bgp.reflector ? "    next hop self;\n" : "    next hop self ebgp;\n";
  if (peer.link_local && family == Family::V4) out += "    extended next hop on;\n";
  std::string announced;
  for (const Prefix& one : bgp.announce)
    if (one.family() == family) announced += (announced.empty() ? "" : ", ") + one.text();
  out += fmt::format(
      "    import all;\n"
      "    export where source ~ [ RTS_DEVICE, RTS_STATIC, RTS_BGP ]{};\n"
      "  }};\n",
      announced.empty() ? "" : fmt::format(" || net ~ [ {} ]", announced));
}

void put_peer(std::string& out, const lab::Node& node, const Peer& peer, Names& names) {
  const lab::Bgp& bgp = node.dynamic.bgp;
  const bool inside = peer.as == bgp.as;
  const Family family = peer.address.family();
  const std::string_view ending = family == Family::V4 ? "_v4" : "_v6";
  out += fmt::format("protocol bgp {} {{\n", names.name(peer.name, peer.link_local ? "_ll" : ending));
  out += fmt::format("  description \"{} by {}\";\n", words_of(peer.name), words_of(peer.interface));
  out += fmt::format("  local {} as {};\n", peer.own.text(), bgp.as);
  out += fmt::format("  neighbor {} as {};\n", peer.address.text(), peer.as);
  if (peer.link_local) out += fmt::format("  interface \"{}\";\n", words_of(peer.interface));
  if (inside && peer.interface != "lo") out += "  direct;\n";
  if (inside && bgp.reflector) out += "  rr client;\n";
  if (!node.dynamic.realistic) out += fast_bgp;
  if (const std::uint32_t often = connect_retry(node.dynamic); often != 0)
    out += fmt::format("  connect retry time {};\n", often);
  if (const Timers timers = bgp_timers(node.dynamic); timers.silent != 0)
    out += fmt::format("  hold time {};\n  keepalive time {};\n", timers.silent, timers.often);
  if (peer.bfd) out += "  bfd on;\n";
  if (peer.link_local || family == Family::V4) put_channel(out, bgp, peer, Family::V4);
  if (peer.link_local || family == Family::V6) put_channel(out, bgp, peer, Family::V6);
  out += "}\n";
}

void put_ospf_interface(std::string& out, const lab::Node& node, const IgpInterface& one) {
  out += fmt::format("    interface \"{}\" {{ cost {};", words_of(one.name), one.cost);
  if (one.passive) out += " stub;";
  if (!one.passive && one.point_to_point) out += " type ptp;";
  if (const Timers timers = ospf_timers(node.dynamic, one); !one.passive && timers.often != 0)
    out += fmt::format(" hello {}; dead {};", timers.often, timers.silent);
  if (!one.passive && one.bfd) out += " bfd on;";
  out += " };\n";
}

void put_ospf(std::string& out, const lab::Node& node, const Speaker& speaker, Family family) {
  const bool v4 = family == Family::V4;
  out += fmt::format("protocol ospf v{} ospf{} {{\n", v4 ? 2 : 3, v4 ? 4 : 6);
  out += fmt::format("  ipv{} {{ import all; export none; }};\n", v4 ? 4 : 6);
  std::set<std::uint32_t> areas{node.dynamic.ospf.area};
  for (const IgpInterface& one : speaker.ospf)
    if (v4 ? one.v4 : one.v6) areas.insert(one.area);
  for (const std::uint32_t area : areas) {
    out += fmt::format("  area {} {{\n", area_text(area));
    const bool own = area == node.dynamic.ospf.area;
    // OSPFv3 takes no interface without a link-local address, as lo is one.
    if (v4 && own) out += "    interface \"lo\" { stub; cost 1; };\n";
    for (const InterfaceAddress& one : node.loopback)
      if (!v4 && own && one.address.family() == family && means_one_node(one.address))
        out += fmt::format("    stubnet {} {{ cost 1; }};\n", one.prefix().text());
    for (const IgpInterface& one : speaker.ospf)
      if (one.area == area && (v4 ? one.v4 : one.v6)) put_ospf_interface(out, node, one);
    out += "  };\n";
  }
  out += "}\n";
}

void put_rip(std::string& out, const lab::Node& node, const Speaker& speaker, Family family) {
  const bool v4 = family == Family::V4;
  out += fmt::format("protocol rip{} rip{} {{\n", v4 ? "" : " ng", v4 ? 4 : 6);
  out +=
      fmt::format("  ipv{} {{ import all; export where source ~ [ RTS_DEVICE, RTS_RIP ]; }};\n", v4 ? 4 : 6);
  out += "  ecmp on;\n";
  for (const IgpInterface& one : speaker.rip) {
    if (one.passive || !(v4 ? one.v4 : one.v6)) continue;
    out += fmt::format("  interface \"{}\" {{", words_of(one.name));
    // Those who hear of a route rarely have to believe in it for longer.
    if (!node.dynamic.realistic) out += " update time 1;";
    if (one.fast) out += " timeout time 15; garbage time 10;";
    out += " };\n";
  }
  out += "}\n";
}

}  // namespace

std::string bird_configuration(const lab::Node& node, const Speaker& speaker) {
  std::string out = fmt::format("# Written by Hopyard for {}.\nlog stderr all;\n", words_of(node.name));
  out += fmt::format("router id {};\n", speaker.router_id.text());
  out += "protocol device { }\n";
  out += "protocol direct connected { ipv4; ipv6; }\n";
  if (speaker.v4) put_kernel(out, false);
  if (speaker.v6) put_kernel(out, true);
  if (node.dynamic.watches())
    out += node.dynamic.realistic ? "protocol bfd bfd1 { }\n"
                                  : "protocol bfd bfd1 {\n"
                                    "  interface \"*\" { interval 300 ms; multiplier 3; };\n"
                                    "  multihop { interval 300 ms; multiplier 3; };\n"
                                    "}\n";
  if (node.dynamic.ospf.runs && speaker.v4) put_ospf(out, node, speaker, Family::V4);
  if (node.dynamic.ospf.runs && speaker.v6) put_ospf(out, node, speaker, Family::V6);
  if (node.dynamic.rip.runs && speaker.v4) put_rip(out, node, speaker, Family::V4);
  if (node.dynamic.rip.runs && speaker.v6) put_rip(out, node, speaker, Family::V6);
  if (!node.dynamic.bgp.runs) return out;
  put_announced(out, node.dynamic.bgp, Family::V4);
  put_announced(out, node.dynamic.bgp, Family::V6);
  Names names;
  for (const Peer& peer : speaker.peers) put_peer(out, node, peer, names);
  return out;
}

void add_bird(const lab::Node& node, const Speaker& speaker, net::Machine& machine) {
  machine.folders.push_back({"/etc/bird"});
  machine.folders.push_back({"/run/bird"});
  const auto& own = node.dynamic.bird;
  add_file(machine, {std::string(configuration_path), own ? own->text : bird_configuration(node, speaker)});
  net::Service bird;
  bird.name = "bird";
  bird.command = {"bird", "-f", "-c", std::string(configuration_path), "-s", std::string(control_path)};
  bird.ready = {net::Service::Ready::Kind::File, std::string(control_path)};
  bird.ready.left = bird.ready.text;
  bird.package = "bird2";
  bird.origin = node.dynamic.at;
  machine.services.push_back(std::move(bird));
}

}  // namespace hopyard::lower::daemons
