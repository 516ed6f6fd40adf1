#include "keeper/way_out_programs.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sys/program_path.hh"

namespace hopyard::keeper {
namespace {

// The addresses of the tap: IPv4 ones that are kept for the near end of a translation (RFC 7335), and unique
// local ones of IPv6 (RFC 4193).
constexpr const char* own_four = "192.0.0.2";
constexpr const char* bits_four = "29";
constexpr const char* gateway_four = "192.0.0.1";
constexpr const char* own_six = "fd68:6f70:7961:7264::2";
constexpr const char* gateway_six = "fe80::1";
constexpr const char* names_four = "192.0.0.3";
constexpr const char* names_six = "fd68:6f70:7961:7264::3";
constexpr const char* slirp_network = "198.18.255.0/24";  // RFC 2544; it takes nothing smaller than 25 bits
constexpr const char* slirp_names = "198.18.255.3";       // always the third

/// "none", or the ports of that kind.
std::string ports(const net::WayOut& way, bool udp) {
  std::vector<std::uint16_t> numbers;
  for (const net::WayOut::Port& one : way.ports)
    if (one.udp == udp) numbers.push_back(one.number);
  return numbers.empty() ? "none" : fmt::format("{}", fmt::join(numbers, ","));
}

std::vector<std::string> pasta(const net::WayOut& way, const std::string& netns, bool names) {
  // What the host says to itself on its loopback is not the lab's to hear: no address stands for it, and no
  // port leads there.
  std::vector<std::string> words{"pasta",        "--netns-only", "--config-net",
                                 "--foreground", "--quiet",      "--no-map-gw"};
  const auto add = [&](const char* option, const std::string& value) {
    words.emplace_back(option);
    words.push_back(value);
  };
  add("--ns-ifname", device_for(way));
  add("--mtu", "1500");
  add("--address", own_four);
  add("--netmask", bits_four);
  add("--gateway", gateway_four);
  add("--address", own_six);
  add("--gateway", gateway_six);
  add("--tcp-ports", ports(way, false));
  add("--udp-ports", ports(way, true));
  add("--tcp-ns", "none");
  add("--udp-ns", "none");
  if (names)
    for (const char* address : {names_four, names_six}) add("--dns-forward", address);
  if (!way.interface.empty())
    for (const char* option : {"--interface", "--outbound-if4", "--outbound-if6"}) add(option, way.interface);
  add("--netns", netns);
  return words;
}

std::vector<std::string> slirp4netns(const net::WayOut& way, const std::string& netns, bool names) {
  std::vector<std::string> words{"slirp4netns",
                                 "--configure",
                                 "--mtu=1500",
                                 "--disable-host-loopback",
                                 fmt::format("--cidr={}", slirp_network),
                                 "--netns-type=path"};
  if (!names) words.emplace_back("--disable-dns");
  // The interface that it is bound to may have no address of IPv6, which would be an error.
  words.push_back(way.interface.empty() ? "--enable-ipv6" : "--outbound-addr=" + way.interface);
  words.insert(words.end(), {netns, device_for(way)});
  return words;
}

}  // namespace

std::optional<WayOutProgram> find_way_out_program() {
  const std::string_view folders = sys::own_search_path();
  if (!sys::find_program("pasta", folders).empty()) return WayOutProgram::Pasta;
  if (!sys::find_program("slirp4netns", folders).empty()) return WayOutProgram::Slirp4netns;
  return std::nullopt;
}

std::string device_for(const net::WayOut& way) {
  return way.interface.empty() ? "host0" : way.interface;
}

std::vector<IpAddress> forwarded_name_servers(WayOutProgram program, bool four, bool six) {
  const bool is_pasta = program == WayOutProgram::Pasta;
  std::vector<IpAddress> servers;
  if (four) servers.push_back(*IpAddress::parse(is_pasta ? names_four : slirp_names));
  if (six && is_pasta) servers.push_back(*IpAddress::parse(names_six));
  return servers;
}

std::vector<std::string> words_for(WayOutProgram program, const net::WayOut& way, const std::string& netns,
                                   bool names) {
  return program == WayOutProgram::Pasta ? pasta(way, netns, names) : slirp4netns(way, netns, names);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
  }
  return lines;
}

std::string reason_in(std::string_view said) {
  std::vector<std::string_view> reasons;
  for (const std::string_view line : lines_of(said))
    if (!line.empty() && line.find("to syslog") == std::string_view::npos) reasons.push_back(line);
  return fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace hopyard::keeper
