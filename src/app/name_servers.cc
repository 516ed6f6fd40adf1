#include "app/name_servers.hh"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/files.hh"
#include "keeper/own_users.hh"
#include "keeper/way_out_programs.hh"

namespace hopyard::app {
namespace {

constexpr const char* of_host = "/etc/resolv.conf";
constexpr const char* of_resolved = "/run/systemd/resolve/resolv.conf";  // systemd-resolved.service(8)

constexpr std::string_view blanks = " \t";

/// The next word of @p line, which loses it.
std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

/// An address of the host that nobody else reaches: on its loopback, on one link alone, or none at all, which
/// means the host itself.
bool is_own(const IpAddress& address) {
  const std::uint8_t* bytes = address.data();
  if (address.family() == Family::V4) return bytes[0] == 127 || bytes[0] == 0;
  const bool link_local = bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80;
  return link_local || std::all_of(bytes, bytes + 15, [](std::uint8_t byte) { return byte == 0; });
}

bool has_uplink(const lab::Lab& lab, std::uint32_t node) {
  return std::ranges::any_of(lab.nodes[node].interfaces, [&](const lab::Interface& interface) {
    if (interface.link == lab::none) return false;
    const lab::End& other = lab.links[interface.link].ends[1 - interface.end];
    if (other.to != lab::End::To::Node) return false;
    const lab::Node& there = lab.nodes[other.index];
    return there.kind == lab::Kind::External && there.external.by == lab::External::By::Nat;
  });
}

template <class Lab, class Use>
void each_wanting(Lab& lab, Use use) {
  for (std::uint32_t i = 0; i < lab.nodes.size(); ++i) {
    auto& node = lab.nodes[i];
    const bool fits = node.kind == lab::Kind::Host || node.kind == lab::Kind::Router;
    if (fits && !node.resolver.given && !node.dns.runs && has_uplink(lab, i)) use(node);
  }
}

}  // namespace

HostNameServers read_name_servers(std::string_view resolv_conf) {
  HostNameServers found;
  bool any = false;
  for (std::string_view rest = resolv_conf; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (take_word(line) != "nameserver") continue;
    const std::string_view word = take_word(line);
    const auto address = IpAddress::parse(word.substr(0, word.find('%')));
    if (!address) continue;
    any = true;
    found.own_four = found.own_four || (address->family() == Family::V4 && address->data()[0] == 127);
    found.own_six = found.own_six || *address == *IpAddress::parse("::1");
    if (!is_own(*address) && found.servers.size() < lab::most_name_servers) found.servers.push_back(*address);
  }
  found.only_own = any && found.servers.empty();
  return found;
}

HostNameServers host_name_servers() {
  const auto text = read_file(of_host);
  HostNameServers found = text ? read_name_servers(*text) : HostNameServers{};
  if (!found.only_own) return found;
  const auto upstream = read_file(of_resolved);
  if (!upstream || text->find("nameserver 127.0.0.53") == std::string::npos) return found;
  HostNameServers behind = read_name_servers(*upstream);
  return behind.servers.empty() ? found : behind;
}

std::vector<IpAddress> name_servers_for_labs() {
  HostNameServers found = host_name_servers();
  if (found.only_own && keeper::needs_own_users())
    if (const auto program = keeper::find_way_out_program())
      return keeper::forwarded_name_servers(*program, found.own_four, found.own_six);
  return std::move(found.servers);
}

void give_name_servers(lab::Lab& lab, const std::vector<IpAddress>& servers) {
  each_wanting(lab, [&](lab::Node& node) { node.resolver.servers = servers; });
}

bool wants_name_servers(const lab::Lab& lab) {
  bool any = false;
  each_wanting(lab, [&](const lab::Node&) { any = true; });
  return any;
}

std::string warn_of_name_servers(const Prepared& prepared) {
  std::string first;
  each_wanting(prepared.reading.lab, [&](const lab::Node& node) {
    const auto here = std::ranges::find(prepared.desired.namespaces, node.name, &net::Namespace::name);
    if (!first.empty() || here == prepared.desired.namespaces.end() ||
        here->role != net::Namespace::Role::Node)
      return;
    // One of the lab's own, or whom a DHCP server will name.
    const bool has = std::ranges::find(here->machine.files, "/etc/resolv.conf", &net::File::path) !=
                     here->machine.files.end();
    if (!has && std::ranges::none_of(node.interfaces, &lab::Interface::dhcp)) first = node.name;
  });
  if (first.empty()) return {};
  return fmt::format(
      "{}: {} has no name server\n  name-servers in the node, or a dns node of the lab's own with forward",
      host_name_servers().only_own
          ? "the host asks itself for names (/etc/resolv.conf), where the lab does not reach it"
          : "the host names no name servers (/etc/resolv.conf)",
      first);
}

}  // namespace hopyard::app
