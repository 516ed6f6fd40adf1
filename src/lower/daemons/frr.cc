#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "lower/daemons/daemons.hh"

namespace hopyard::lower::daemons {
namespace {

constexpr std::string_view integrated_path = "/etc/frr/frr.conf";
constexpr std::string_view any_policy = "ANY";  // a route map that lets everything through

/// What FRR calls the neighbour by. It finds another FRR on a link without addresses by router
/// advertisements, as that one finds it; BIRD sends none, so its address is named.
std::string called(const Peer& peer) {
  return peer.link_local && peer.daemon == lab::Daemon::Frr ? peer.interface : peer.address.text();
}

void put_neighbour(std::string& out, const lab::Node& node, const Peer& peer) {
  const std::string name = called(peer);
  const bool by_interface = name == peer.interface;
  out += fmt::format(" neighbor {}{} remote-as {}\n", name, by_interface ? " interface" : "", peer.as);
  if (peer.link_local && !by_interface)
    out += fmt::format(" neighbor {0} interface {1}\n neighbor {0} capability extended-nexthop\n", name,
                       peer.interface);
  out += fmt::format(" neighbor {} description {} by {}\n", name, words_of(peer.name), peer.interface);
  if (peer.interface == "lo") out += fmt::format(" neighbor {} update-source {}\n", name, peer.own.text());
  if (peer.bfd) out += fmt::format(" neighbor {} bfd\n", name);
  if (const std::uint32_t often = connect_retry(node.dynamic); often != 0)
    out += fmt::format(" neighbor {} timers connect {}\n", name, often);
  if (!node.dynamic.realistic) out += fmt::format(" neighbor {} advertisement-interval 0\n", name);
}

void put_family(std::string& out, const lab::Node& node, const Speaker& speaker, Family family) {
  const lab::Bgp& bgp = node.dynamic.bgp;
  out += fmt::format(" !\n address-family ipv{} unicast\n", family == Family::V4 ? 4 : 6);
  for (const Prefix& one : bgp.announce)
    if (one.family() == family) out += fmt::format("  network {}\n", one.text());
  out += "  redistribute connected\n";
  for (const Peer& peer : speaker.peers) {
    if (peer.address.family() != family && !peer.link_local) continue;
    const std::string address = called(peer);
    out += fmt::format("  neighbor {} activate\n", address);
    const bool inside = peer.as == bgp.as;
    if (inside) out += fmt::format("  neighbor {} next-hop-self{}\n", address, bgp.reflector ? " force" : "");
    if (inside && bgp.reflector) out += fmt::format("  neighbor {} route-reflector-client\n", address);
    if (inside || !node.dynamic.realistic) continue;
    out += fmt::format("  neighbor {} route-map {} in\n", address, any_policy);
    out += fmt::format("  neighbor {} route-map {} out\n", address, any_policy);
  }
  out += "  maximum-paths 64\n exit-address-family\n";
}

/// The blocks of the interfaces that have the family. @p word is "ip ospf" or "ipv6 ospf6".
void put_interfaces(std::string& out, const lab::Node& node, const Speaker& speaker, Family family,
                    std::string_view word) {
  out += fmt::format("interface lo\n {} area {}\n!\n", word, area_text(node.dynamic.ospf.area));
  for (const IgpInterface& one : speaker.ospf) {
    if (!(family == Family::V4 ? one.v4 : one.v6)) continue;
    out += fmt::format("interface {}\n {} area {}\n {} cost {}\n", one.name, word, area_text(one.area), word,
                       one.cost);
    if (one.passive) out += fmt::format(" {} passive\n", word);
    if (!one.passive && one.point_to_point) out += fmt::format(" {} network point-to-point\n", word);
    if (const Timers timers = ospf_timers(node.dynamic, one); !one.passive && timers.often != 0)
      out +=
          fmt::format(" {0} hello-interval {1}\n {0} dead-interval {2}\n", word, timers.often, timers.silent);
    if (!one.passive && one.bfd) out += fmt::format(" {} bfd\n", word);
    out += "!\n";
  }
}

struct Program {
  std::string_view name;
  std::string configuration;
};

void add_program(const lab::Node& node, const Program& program, bool integrated, net::Machine& machine) {
  const std::string path =
      integrated ? std::string(integrated_path) : fmt::format("/etc/frr/{}.conf", program.name);
  if (!integrated) add_file(machine, {path, program.configuration, 0640, "frr", "frr"});
  net::Service service;
  service.name = program.name;
  service.command = {
      fmt::format("/usr/lib/frr/{}", program.name), "-A", "127.0.0.1", "-f", path, "--log", "stdout"};
  if (program.name != "zebra") service.after = {"zebra"};
  service.ready = {net::Service::Ready::Kind::File, program.name == "zebra"
                                                        ? "/run/frr/zserv.api"
                                                        : fmt::format("/run/frr/{}.vty", program.name)};
  service.ready.left = service.ready.text;
  service.package = "frr";
  service.origin = node.dynamic.at;
  machine.services.push_back(std::move(service));
}

}  // namespace

std::string head(const lab::Node& node) {
  return fmt::format("! Written by Hopyard for {}.\npassword zebra\n!\n", words_of(node.name));
}

std::string zebra_configuration(const lab::Node& node, const Speaker& speaker) {
  std::string out = head(node);
  for (const Peer& peer : speaker.peers)
    if (called(peer) == peer.interface)
      out += fmt::format("interface {}\n no ipv6 nd suppress-ra\n ipv6 nd ra-interval {}\n!\n",
                         peer.interface, node.dynamic.realistic ? 10 : 1);
  return out;
}

std::string bgpd_configuration(const lab::Node& node, const Speaker& speaker) {
  std::string out = head(node);
  const bool fast = !node.dynamic.realistic;
  if (!fast) out += fmt::format("route-map {} permit 10\n!\n", any_policy);
  out += fmt::format("router bgp {}\n bgp router-id {}\n", node.dynamic.bgp.as, speaker.router_id.text());
  if (fast)
    out +=
        " no bgp ebgp-requires-policy\n"
        " coalesce-time 0\n";
  if (const Timers timers = bgp_timers(node.dynamic); timers.silent != 0)
    out += fmt::format(" timers bgp {} {}\n", timers.often, timers.silent);
  out +=
      " no bgp network import-check\n"
      " no bgp default ipv4-unicast\n"
      " bgp bestpath as-path multipath-relax\n";
  for (const Peer& peer : speaker.peers) put_neighbour(out, node, peer);
  if (speaker.v4) put_family(out, node, speaker, Family::V4);
  if (speaker.v6) put_family(out, node, speaker, Family::V6);
  return out + "!\n";
}

std::string ospfd_configuration(const lab::Node& node, const Speaker& speaker) {
  std::string out = head(node);
  put_interfaces(out, node, speaker, Family::V4, "ip ospf");
  out += fmt::format("router ospf\n ospf router-id {}\n maximum-paths 64\n", speaker.router_id.text());
  if (!node.dynamic.realistic)
    out +=
        " timers throttle spf 0 50 1000\n"
        " timers throttle lsa all 100\n"
        " timers lsa min-arrival 100\n";
  return out + "!\n";
}

std::string ospf6d_configuration(const lab::Node& node, const Speaker& speaker) {
  std::string out = head(node);
  put_interfaces(out, node, speaker, Family::V6, "ipv6 ospf6");
  out += fmt::format("router ospf6\n ospf6 router-id {}\n maximum-paths 64\n", speaker.router_id.text());
  if (!node.dynamic.realistic)
    out +=
        " timers throttle spf 0 50 1000\n"
        " timers lsa min-arrival 100\n";
  return out + "!\n";
}

std::string integrated_configuration(const std::string& text) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line(text.data() + begin, end - begin);
    std::string_view word = line;
    word.remove_prefix(std::min(word.find_first_not_of(" \t"), word.size()));
    word = word.substr(0, word.find_last_not_of(" \t\r") + 1);
    // A comment in its place keeps the numbers of the lines.
    out += word == "exit" || word == "end" ? "!" : line;
    out += '\n';
    begin = end + 1;
  }
  return out;
}

void add_frr(const lab::Node& node, const Speaker& speaker, net::Machine& machine) {
  for (const char* path : {"/etc/frr", "/run/frr"}) machine.folders.push_back({path, 0755, "frr", "frr"});
  if (node.dynamic.frr)
    add_file(machine, {std::string(integrated_path), integrated_configuration(node.dynamic.frr->text), 0640,
                       "frr", "frr"});
  const bool integrated = has_file(machine, integrated_path);
  add_file(machine,
           {"/etc/frr/vtysh.conf",
            integrated ? "service integrated-vtysh-config\n" : "no service integrated-vtysh-config\n", 0640,
            "frr", "frr"});
  add_program(node, {"zebra", zebra_configuration(node, speaker)}, integrated, machine);
  const lab::Dynamic& dynamic = node.dynamic;
  if (dynamic.watches()) add_program(node, {"bfdd", head(node)}, integrated, machine);
  if (dynamic.bgp.runs) add_program(node, {"bgpd", bgpd_configuration(node, speaker)}, integrated, machine);
  if (dynamic.ospf.runs && speaker.v4)
    add_program(node, {"ospfd", ospfd_configuration(node, speaker)}, integrated, machine);
  if (dynamic.ospf.runs && speaker.v6)
    add_program(node, {"ospf6d", ospf6d_configuration(node, speaker)}, integrated, machine);
  if (dynamic.isis.runs)
    add_program(node, {"isisd", isisd_configuration(node, speaker)}, integrated, machine);
  if (dynamic.rip.runs && speaker.v4)
    add_program(node, {"ripd", ripd_configuration(node, speaker, Family::V4)}, integrated, machine);
  if (dynamic.rip.runs && speaker.v6)
    add_program(node, {"ripngd", ripd_configuration(node, speaker, Family::V6)}, integrated, machine);
}

}  // namespace hopyard::lower::daemons
